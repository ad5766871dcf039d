# SPDX-License-Identifier: MIT
"""Print and write what the oracle found: text, JSON, JUnit XML, one page of HTML (for tools/oracle)."""
import html
import json

import ktap
import oracle_compare as oc
import oracle_run
import page

SHORT = {oracle_run.OK: "ok", oracle_run.FAILED: "FAILS", oracle_run.SKIPPED: "skip", oracle_run.NOT_RUN: "not run"}


def version(side):
    """The short name of a kernel: "6.1.0-56"."""
    words = side.kernel.split()
    return "-".join(words[1].split("-")[:2]) if len(words) > 1 else "?"


def columns(row):
    """What stands under the two kernels in the table."""
    model, linux = SHORT[row.model.verdict], SHORT[row.linux.verdict]
    if row.status == oc.DIFFERS and model == linux == "ok":
        linux = "DIFFERS"
    if row.status == oc.LISTED:
        linux = "listed"
    return model, linux


def value(difference, text):
    return f'"{text}"' if difference.key and text != oc.ABSENT else text


def difference_lines(row):
    """The differences of one case and what each kernel said about its failure."""
    for difference in row.differences:
        known = f"   listed: {difference.listed.reason}" if difference.listed else ""
        yield (f"{difference.key or 'verdict':28} model {value(difference, difference.model)}   "
               f"linux {value(difference, difference.linux)}   {difference.where}{known}")
    for side, case in (("model", row.model), ("linux", row.linux)):
        for detail in case.details:
            yield f"{side}: {detail}"


def counts(rows):
    number = {status: sum(row.status == status for row in rows)
              for status in (oc.AGREES, oc.DIFFERS, oc.LISTED, oc.NOT_APPLICABLE)}
    differ = "differs" if number[oc.DIFFERS] == 1 else "differ"
    return (f"{len(rows)} cases: {number[oc.AGREES]} agree, {number[oc.DIFFERS]} {differ}, "
            f"{number[oc.LISTED]} listed divergences, {number[oc.NOT_APPLICABLE]} not applicable")


def print_all(rows, model, linux, stale):
    """The table, unless a kernel did not boot; what went wrong; the sum."""
    if model.booted and linux.booted:
        print_table(rows, linux)
    for side in (model, linux):
        for trouble in side.trouble:
            print(f"\n{trouble}")
    for entry in stale:
        print(f"divergences.txt:{entry.line}: {entry.rule} {entry.key} did not occur: is it still true?")
    print(f"\n{counts(rows)}")


def print_table(rows, linux):
    width = max([len(row.ident) for row in rows] + [10])
    name = f"linux {version(linux)}"
    print(f"\n{'rule':{width}}  {'model':8}{name:18}what")
    for row in rows:
        left, right = columns(row)
        print(f"{row.ident:{width}}  {left:8}{right:18}{row.title}")
        if row.status == oc.DIFFERS:
            for line in difference_lines(row):
                print(f"      {line}")


def as_json(rows, model, linux):
    def side(case):
        return {"verdict": case.verdict, "reason": case.reason, "details": case.details,
                "observations": {seen.key: {"value": seen.value, "where": seen.where}
                                 for seen in case.observations.values()}}

    return {"model": model.kernel, "linux": linux.kernel, "summary": counts(rows),
            "trouble": model.trouble + linux.trouble,
            "cases": [{"id": row.ident, "title": row.title, "status": row.status, "model": side(row.model),
                       "linux": side(row.linux),
                       "differences": [{"key": d.key, "model": d.model, "linux": d.linux, "where": d.where,
                                        "listed": d.listed.reason if d.listed else ""} for d in row.differences]}
                      for row in rows]}


def junit_cases(rows):
    verdicts = {oc.AGREES: ktap.PASS, oc.LISTED: ktap.PASS, oc.DIFFERS: ktap.FAIL, oc.NOT_APPLICABLE: ktap.SKIP}
    for row in rows:
        detail = row.model.reason or row.linux.reason
        if row.differences:
            detail = "\n".join(difference_lines(row))
        yield ktap.Case("oracle", f"{row.ident} {row.title}", verdicts[row.status], detail)


def html_row(row):
    left, right = columns(row)
    seen = "\n".join(f"{key}={oc.observed(row.model, key)}" + ("" if oc.observed(row.model, key) == item.value else
                                                               f"   linux {item.value}") + f"   {item.where}"
                     for key, item in row.linux.observations.items())
    reasons = "".join(f"<br><small>{html.escape(name)}: {html.escape(case.reason)}</small>"
                      for name, case in (("model", row.model), ("linux", row.linux)) if case.reason)
    lines = "\n".join(difference_lines(row))
    more = f"<pre>{html.escape(lines)}</pre>" if lines else ""
    if seen:
        more += f"<details><summary>{len(row.linux.observations)} observations</summary><pre>{html.escape(seen)}</pre></details>"
    return page.row([f"<code>{html.escape(row.ident)}</code>", left, right, html.escape(row.title) + reasons + more],
                    ("case", "model", "linux", "what"), row.status)


def as_html(rows, model, linux):
    troubles = "".join(f"<pre>{html.escape(text)}</pre>" for text in model.trouble + linux.trouble)
    body = (f"<h1>The model and Linux, case by case</h1><p>model: {html.escape(model.kernel)}<br>"
            f"linux: {html.escape(linux.kernel)}</p><p><b>{counts(rows)}</b></p>{troubles}")
    heads = ("case", "model", f"linux {version(linux)}", "what")
    return page.document("Plimsoll oracle", body + page.table("Cases", heads, [html_row(row) for row in rows], hidden=True))


def write_all(build, rows, model, linux):
    """oracle.json, oracle.xml and oracle.html."""
    (build / "oracle.json").write_text(json.dumps(as_json(rows, model, linux), indent=1) + "\n")
    (build / "oracle.html").write_text(as_html(rows, model, linux))
    ktap.write_junit(build / "oracle.xml", list(junit_cases(rows)))
