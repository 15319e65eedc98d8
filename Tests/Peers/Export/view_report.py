#!/usr/bin/env python3
"""Opens a report in a real browser (Debian's chromium, without a window), clicks, types, and looks for complaints.

    view_report.py installed                     exits with 0 if the browser and its driver are there
    view_report.py REPORT [PICTURES]             prints what was tried; pictures of the page go to the folder PICTURES

Needs the Python package playwright, which drives the browser that is installed.
"""

import importlib.util
import json
import pathlib
import shutil
import sys
import time


def main():
    browser_path = shutil.which("chromium")
    if sys.argv[1:] == ["installed"]:
        sys.exit(0 if browser_path and importlib.util.find_spec("playwright") else 1)
    report = pathlib.Path(sys.argv[1]).resolve()
    pictures = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
    from playwright.sync_api import sync_playwright
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        complaints, requests = [], []
        page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        start = time.monotonic()
        page.goto(report.as_uri(), wait_until="load")
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        loaded = time.monotonic() - start
        found = page.evaluate("({people: data.persons.length, start: data.start, end: data.end, runs: runs.length, classified: data.classified})")
        print(json.dumps(found | {"seconds": round(loaded, 2), "bytes": report.stat().st_size}))
        outside = [url for url in requests if not url.startswith(("file:", "data:", "blob:"))]
        assert not outside, outside
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than the window"
        if found["people"]:
            use(page, found)
        if pictures:
            pictures.mkdir(parents=True, exist_ok=True)
            for name, size, scheme in (("light", (1280, 900), "light"), ("dark", (1280, 900), "dark"), ("phone", (390, 844), "light")):
                page.set_viewport_size({"width": size[0], "height": size[1]})
                page.emulate_media(color_scheme=scheme)
                page.wait_for_timeout(300)
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"wider than the {name} window"
                page.screenshot(path=str(pictures / f"{report.stem}-{name}.png"), full_page=False)
            page.emulate_media(media="print")
            page.pdf(path=str(pictures / f"{report.stem}.pdf"), format="A4")
        browser.close()
        assert not complaints, complaints


def use(page, found):
    """The time line by mouse and by keys, the tables, and the video if there is one."""
    rows = "document.querySelectorAll('#runs tbody tr').length"
    assert page.evaluate(rows) == min(found["runs"], 100), "rows of a page of the table"
    printed = page.evaluate(f"dispatchEvent(new Event('beforeprint')), {rows}")
    assert printed == found["runs"], f"{printed} of {found['runs']} rows on paper"
    assert page.evaluate(f"dispatchEvent(new Event('afterprint')), {rows}") == min(found["runs"], 100)
    page.locator("#axis").scroll_into_view_if_needed()
    axis = page.locator("#axis canvas").bounding_box()
    page.mouse.click(axis["x"] + axis["width"] / 2, axis["y"] + 4)
    middle = (found["start"] + found["end"]) / 2
    now = page.evaluate("cursor")
    assert abs(now - middle) < (found["end"] - found["start"]) / axis["width"] * 2 + 1e-6, (now, middle)
    assert "–" in page.locator("#readout").text_content()
    # Something is drawn in the first lane: not all of one color.
    colors = page.evaluate("""(() => { const c = document.querySelector('#lanes canvas'), d = c.getContext('2d')
        .getImageData(0, 0, c.width, c.height).data; const seen = new Set();
        for (let k = 0; k < d.length; k += 4) seen.add(d[k] << 16 | d[k + 1] << 8 | d[k + 2]); return seen.size })()""")
    assert colors > 1, "an empty lane"
    page.locator("#timeline").focus()
    page.keyboard.press("Home")
    assert abs(page.evaluate("cursor") - found["start"]) < 1e-6
    page.keyboard.press("ArrowRight")
    assert page.evaluate("cursor") > found["start"] or found["end"] - found["start"] < 0.05
    before = page.evaluate("view.end - view.start")
    page.keyboard.press("+")
    assert page.evaluate("view.end - view.start") <= before
    page.keyboard.press("0")
    assert abs(page.evaluate("view.end - view.start") - before) < 1e-6
    page.keyboard.press("End")
    assert float(page.locator("#timeline").get_attribute("aria-valuenow")) >= round(found["end"], 2) - 0.011
    # Sorting, and the way to a run.
    if found["classified"] and found["runs"]:
        page.locator("#runs th button", has_text="Probability").click()
        values = page.evaluate("[...document.querySelectorAll('#runs tbody tr')].map(row => parseFloat(row.cells[4].textContent))")
        assert values == sorted(values, reverse=True), values[:10]
        assert page.locator("#runs th[aria-sort=descending]").count() == 1
        for _ in range(2):
            page.locator("#runs th button", has_text="Start").click()
        page.locator("#runs tbody tr td.link button").first.click()
        assert page.evaluate("cursor") <= found["start"] + page.evaluate("runs[0].start") + 0.01
    assert page.locator("#people tbody tr").count() == min(found["people"], 100)
    # Every control has a name, and can be reached by keys.
    assert page.evaluate("[...document.querySelectorAll('button')].every(b => b.textContent.trim() || b.getAttribute('aria-label'))")
    assert page.evaluate("[...document.querySelectorAll('canvas')].every(c => c.getAttribute('aria-label') || c.getAttribute('aria-hidden'))")
    if page.locator("video").count():
        page.wait_for_function("document.querySelector('video').readyState >= 1", timeout=10000)
        page.locator("#axis").scroll_into_view_if_needed()
        axis = page.locator("#axis canvas").bounding_box()
        page.mouse.click(axis["x"] + axis["width"] / 2, axis["y"] + 4)
        assert abs(page.evaluate("document.querySelector('video').currentTime") - page.evaluate("cursor")) < 0.1
        print("the video follows: " + str(page.evaluate("document.querySelector('video').currentTime")))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main()
