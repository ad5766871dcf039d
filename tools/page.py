# SPDX-License-Identifier: MIT
"""Pages of HTML that need nothing but themselves: the style, tables, the frame (for tools/oracle and tools/report).

Light and dark by what the reader prefers; on a narrow screen each row of a table becomes a card, whose cells carry the
heading of their column (data-label); printed, all that can be folded is open and what is for clicking is gone.
"""
import html

STYLE = """
:root{color-scheme:light dark;--back:#fff;--ink:#1c2024;--soft:#59636e;--line:#d5dae0;--box:#f4f6f8;--link:#0b57a4;
--good:#14692f;--bad:#a4161a;--known:#7a5200;--badback:#fdecea;--knownback:#fff6dd}
@media(prefers-color-scheme:dark){:root{--back:#14171a;--ink:#e4e8ec;--soft:#a3adb8;--line:#363d45;--box:#1e2328;--link:#8ab8f0;
--good:#79cf93;--bad:#ff9c94;--known:#e6bd5c;--badback:#3a1c1b;--knownback:#322a14}}
*{box-sizing:border-box}body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:84rem;padding:1rem 1.2rem 4rem;
background:var(--back);color:var(--ink)}
h1{font-size:1.6rem;line-height:1.2;margin:.6rem 0}h2{margin:2.2rem 0 .6rem;font-size:1.25rem}h3{margin:1.6rem 0 .3rem;font-size:1rem}
a{color:var(--link)}small,.soft{color:var(--soft)}code,pre{font:.82em/1.45 ui-monospace,monospace;overflow-wrap:anywhere}
pre{background:var(--box);padding:.6rem;white-space:pre-wrap;margin:.3rem 0}
table{border-collapse:collapse;width:100%}caption{text-align:left;font-weight:600;padding:.3rem 0}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid var(--line);overflow-wrap:break-word}
th{color:var(--soft);font-weight:600}.number{text-align:right;font-variant-numeric:tabular-nums}
.good,.agrees td:nth-child(2),.agrees td:nth-child(3){color:var(--good)}.bad{color:var(--bad)}.known{color:var(--known)}
tr.differs{background:var(--badback)}tr.listed{background:var(--knownback)}
summary{cursor:pointer;color:var(--link)}:focus-visible{outline:3px solid var(--link);outline-offset:1px}
.counts{display:flex;flex-wrap:wrap;gap:.6rem;list-style:none;padding:0}.counts li{background:var(--box);padding:.5rem .8rem;border-radius:.4rem}
.counts b{display:block;font-size:1.3rem}
form{display:flex;flex-wrap:wrap;gap:.6rem;align-items:end;padding:.7rem 0;position:sticky;top:0;background:var(--back);z-index:1}
label{display:grid;font-size:.8rem;color:var(--soft)}input,select,button{font:inherit;padding:.3rem .5rem;border:1px solid var(--soft);
border-radius:.3rem;background:var(--back);color:var(--ink)}input{width:16rem;max-width:100%}meter{width:8rem}
figure{margin:1rem 0;background:#fff;padding:.5rem}figure svg{width:100%;height:auto}[hidden]{display:none!important}
tr,h2{scroll-margin-top:5rem}.rules{table-layout:fixed}.rules th:nth-child(1){width:9.5rem}.rules th:nth-child(3){width:22%}.rules th:nth-child(4){width:30%}
@media(min-width:48rem){th[scope=row]>code{white-space:nowrap}}
@media(max-width:48rem){form{position:static}thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table,caption,tbody,tr,td,th[scope=row]{display:block;width:auto!important}tr{border:1px solid var(--line);margin:.5rem 0;padding:.3rem}
td,th{border:0}td::before{content:attr(data-label) " ";color:var(--soft);font-size:.8rem}.number{text-align:left}}
@media print{form,.screen{display:none}body{max-width:none;font-size:9pt}tr{break-inside:avoid}h3{break-after:avoid}
details>*{display:block}details::details-content{content-visibility:visible;display:block}}
"""


def document(title, body, script=""):
    """A whole page. body is HTML, script JavaScript."""
    end = f"<script>{script}</script>" if script else ""
    return (f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
            f"<style>{STYLE}</style></head><body><main>{body}</main>{end}</body></html>\n")


def table(caption, heads, rows, classes="", hidden=False, numbers=()):
    """rows: what row() made. hidden: the caption is for those who do not see the page. numbers: the columns of figures."""
    columns = "".join(f'<th scope="col"{" class=number" if n in numbers else ""}>{html.escape(head)}</th>'
                      for n, head in enumerate(heads))
    kind = ' class="hidden"' if hidden else ""
    return (f'<table class="{classes}"><caption{kind}>{html.escape(caption)}</caption><thead><tr>{columns}</tr></thead><tbody>'
            + "\n".join(rows) + "</tbody></table>")


def row(cells, heads, look="", numbers=(), **data):
    """cells are HTML, the first one names the row; look: its class; numbers: the columns of figures; data: attributes data-*."""
    more = "".join(f' data-{key}="{html.escape(str(value))}"' for key, value in data.items())
    first = f'<th scope="row">{cells[0]}</th>'
    rest = "".join(f'<td data-label="{html.escape(head)}"{" class=number" if n in numbers else ""}>{cell}</td>'
                   for n, (cell, head) in enumerate(zip(cells[1:], heads[1:]), 1))
    return f'<tr class="{look}"{more}>{first}{rest}</tr>'


def folded(summary, body):
    return f"<details><summary>{summary}</summary>{body}</details>"
