# SPDX-License-Identifier: MIT
"""The page of `make report` in a real browser: Debian's chromium, without a screen, driven over its DevTools pipe.

Looked at: no error on the console, no request but for the page itself, as many rules as the catalogue has, the filter by
words, status and room, the keyboard, labels, contrast in light and dark, the width of a phone. Pictures are left in BUILD/test.
"""
import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import tempfile
import time

import ktap

HERE = pathlib.Path(__file__).resolve().parent
LIMIT = 60              # seconds for one answer
PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
DESK = {"width": 1280, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
CONTRAST = 4.5          # WCAG 2.1, AA
WORDS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions",
         "--disable-background-networking", "--disable-component-update", "--remote-debugging-pipe")

# The worst contrast between text and what is behind it, over all elements that hold text.
WORST_CONTRAST = """(() => {
  const light = c => { const v = c.match(/[\\d.]+/g).slice(0, 3).map(x => x / 255)
    .map(x => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4); return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };
  const back = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
    if (c !== 'rgba(0, 0, 0, 0)' && c !== 'transparent') return c; } return getComputedStyle(document.body).backgroundColor; };
  let worst = 99; const seen = new Set();
  for (const e of document.querySelectorAll('main *:not(svg *)')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    const pair = getComputedStyle(e).color + back(e); if (seen.has(pair)) continue; seen.add(pair);
    const [a, b] = [light(getComputedStyle(e).color), light(back(e))].sort((x, y) => y - x); worst = Math.min(worst, (a + .05) / (b + .05)); }
  return worst; })()"""
CHOOSE = """(words, status, room) => { const f = document.querySelector('form'); f.words.value = words; f.status.value = status;
  f.room.value = room; f.dispatchEvent(new Event('input')); return %s; }"""
SHOWN = "[...document.querySelectorAll('tr[data-rule]')].filter(row => row.offsetParent)"
UNLABELLED = "[...document.querySelectorAll('input,select')].filter(e => !e.labels.length).length"
HEADLESS_TABLES = "[...document.querySelectorAll('table')].filter(t => !t.querySelector('caption') || !t.querySelector('th[scope=col]')).length"


class Browser:
    """One chromium with one page; answers() and events as DevTools has them."""

    def __init__(self, program, profile):
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()
        line = f'exec "$0" "$@" 3<&{theirs_in} 4>&{theirs_out}'
        self.process = subprocess.Popen(["bash", "-c", line, program, *WORDS, f"--user-data-dir={profile}", "about:blank"],
                                        pass_fds=(theirs_in, theirs_out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        self.input, self.output, self.rest, self.number, self.session, self.events = ours_in, ours_out, b"", 0, None, []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")

    def message(self):
        """The next message of the browser; raises TimeoutError."""
        end = time.monotonic() + LIMIT
        while b"\0" not in self.rest:
            if not select.select([self.input], [], [], max(0, end - time.monotonic()))[0]:
                raise TimeoutError("chromium does not answer")
            got = os.read(self.input, 1 << 16)
            if not got:
                raise TimeoutError("chromium has ended")
            self.rest += got
        text, _, self.rest = self.rest.partition(b"\0")
        return json.loads(text)

    def ask(self, method, **params):
        self.number += 1
        request = {"id": self.number, "method": method, "params": params}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.output, json.dumps(request).encode() + b"\0")
        while (answer := self.message()).get("id") != self.number:
            self.events.append(answer)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def value(self, script):
        result = self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{script}: {result['exceptionDetails']['text']}")
        return result["result"].get("value")

    def go(self, address):
        self.ask("Page.navigate", url=address)
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self.message())

    def look(self, dark=False, **metrics):
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.ask("Emulation.setEmulatedMedia", features=scheme)
        self.ask("Emulation.setDeviceMetricsOverride", **metrics)

    def picture(self, path):
        path.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"]))

    def key(self, name):
        for kind in ("keyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=name, code=name, windowsVirtualKeyCode=9)

    def of(self, *methods):
        return [event["params"] for event in self.events if event.get("method") in methods]

    def end(self):
        self.process.kill()
        self.process.wait()
        os.close(self.input)
        os.close(self.output)


def choose(browser, words="", status="", room="", then=f"{SHOWN}.length"):
    return browser.value(f"({CHOOSE % then})({json.dumps(words)}, {json.dumps(status)}, {json.dumps(room)})")


def findings(browser, page, rules, logs):
    """(what, is it so?, detail), one after the other."""
    browser.look(**DESK)
    browser.go(page.as_uri())
    shown = browser.value(f"{SHOWN}.length")
    yield "shows every rule of the catalogue", shown == rules, f"{shown} of {rules}"
    ids = choose(browser, words="UTSNS-07", then=f"{SHOWN}.map(row => row.dataset.rule)")
    yield "the filter takes words", "UTSNS-07" in ids and len(ids) < rules / 10, str(ids)
    rooms = choose(browser, room="ns", then=f"{SHOWN}.map(row => row.dataset.rooms)")
    yield "the filter takes a room", 0 < len(rooms) < rules and all("ns" in room.split() for room in rooms), str(len(rooms))
    statuses = browser.value("[...document.querySelector('form').status.options].map(o => o.value).filter(Boolean)")
    counts = [choose(browser, status=status) for status in statuses]
    yield "statuses add up", sum(counts) == rules and all(counts), f"{dict(zip(statuses, counts))}"
    said = choose(browser, words="no such word", then="document.querySelector('output').textContent")
    yield "it says how many are shown", said == f"0 of {rules} rules", said
    choose(browser)
    browser.value("document.querySelector('form [name=words]').focus()")
    browser.key("Tab")
    focus = browser.value("document.activeElement.name")
    yield "Tab goes from field to field", focus == "status", str(focus)
    bare, headless = browser.value(UNLABELLED), browser.value(HEADLESS_TABLES)
    yield "fields have labels, tables have captions and headings", bare == headless == 0, f"{bare} fields, {headless} tables"
    for dark in (False, True):
        name = "dark" if dark else "light"
        browser.look(dark, **DESK)
        browser.picture(logs / f"report-{name}.png")
        worst = browser.value(WORST_CONTRAST)
        yield f"contrast is enough ({name})", worst >= CONTRAST, f"{worst:.2f}"
    browser.look(**PHONE)
    width = browser.value("document.documentElement.scrollWidth")
    browser.picture(logs / "report-phone.png")
    yield "fits on a phone", width <= PHONE["width"], f"{width} pixels wide"
    asked = [request["request"]["url"] for request in browser.of("Network.requestWillBeSent")]
    foreign = [url for url in asked if url != page.as_uri() and not url.startswith("data:")]
    yield "asks for nothing but itself", page.as_uri() in asked and not foreign, str(foreign)
    errors = [*browser.of("Runtime.exceptionThrown"), *(entry for entry in browser.of("Log.entryAdded") if entry["entry"]["level"] == "error"),
              *(call for call in browser.of("Runtime.consoleAPICalled") if call["type"] in ("error", "warning"))]
    yield "no error on the console", not errors, json.dumps(errors)[:2000]


def run(group, tests):
    got = subprocess.run(["sh", HERE / "setup", "--chromium"], capture_output=True, text=True, check=False)
    program = shutil.which("chromium")
    if not program:
        return [ktap.Case(group, "in a browser", ktap.SKIP, "chromium cannot be installed: " + got.stderr[-300:].strip())]
    made = subprocess.run([HERE / "report", "--build", tests.build], capture_output=True, text=True, check=False)
    if made.returncode:
        return [ktap.Case(group, "is made", ktap.FAIL, made.stdout + made.stderr)]
    rules = int(made.stdout.split()[-2])
    cases = []
    with tempfile.TemporaryDirectory(prefix="plimsoll-report-", ignore_cleanup_errors=True) as profile:
        browser = Browser(program, profile)
        try:
            for what, good, detail in findings(browser, (tests.build / "report.html").resolve(), rules, tests.logs):
                cases.append(ktap.Case(group, what, ktap.PASS if good else ktap.FAIL, "" if good else detail))
        except (TimeoutError, RuntimeError) as error:
            cases.append(ktap.Case(group, "the browser answers", ktap.FAIL, str(error)))
        finally:
            browser.end()
    return cases
