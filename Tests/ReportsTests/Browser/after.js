// Runs behind the page's own script: uses the page as a reader would, and writes what it saw to the console.
(async () => {
  const seen = {};
  const all = selector => [...document.querySelectorAll(selector)];
  const one = selector => document.querySelector(selector);
  const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)));
  const rows = () => all("#connections .body > div:not(#connection) tbody tr");
  const first = () => rows()[0]?.children[0].textContent ?? "";
  const change = (element, value, event) => { element.value = value; element.dispatchEvent(new Event(event)); };
  const key = name => one(".ladderscroll").dispatchEvent(new KeyboardEvent("keydown", { key: name, cancelable: true }));
  const head = title => all("#connections th button").find(button => button.textContent === title);
  const took = async act => {
    const start = performance.now();
    act();
    document.body.offsetHeight;
    const spent = performance.now() - start;
    await frame();
    return spent;
  };
  try {
    await frame();
    await frame();
    seen.verdict = one("#verdict").textContent;
    seen.sections = all("main section").map(section => section.id).join(" ");
    seen.strangers = all("img, iframe, object, embed, link, script[src]").length;
    seen.pointNames = all(".pointname").map(text => text.textContent).join(" ");
    seen.lossArrows = all("svg.path .arrow.loss").length;
    seen.strips = all("svg.strip").length;
    seen.stripLosses = all("svg.strip rect.loss").length;
    seen.histograms = all("svg.histogram").length;
    seen.status = one("#connections .status").textContent;

    head("Lost").click();
    seen.mostLost = first();
    seen.sorted = one("#connections th[aria-sort=descending]").textContent;
    head("#").click();
    change(one("#filter"), "drop", "change");
    seen.dropped = rows().length;
    change(one("#filter"), "all", "change");
    change(one("#search"), "10.1.0.10:36007", "input");
    seen.found = first();
    change(one("#search"), "no such thing", "input");
    seen.notFound = rows().length;
    change(one("#search"), "", "input");

    location.hash = "c1";
    await frame();
    await frame();
    seen.heading = one("#connection h3").textContent;
    if (one(".ladderscroll")) {
      seen.packetLines = all(".packetline").length;
      seen.crosses = all(".ladder .mark.loss").length;
      seen.detail = one(".packet").textContent;
      key("ArrowDown");
      await frame();
      seen.next = one(".packet").textContent;
      key("n");
      await frame();
      seen.trouble = one(".packet .eventline").textContent;
      for (const mode of ["rows", "scale"]) {
        one(`input[value=${mode}]`).click();
        await frame();
        seen[mode] = all(".packetline").length;
      }
      for (const button of all("#connection .toolbar button")) button.click();
      await frame();
      seen.bars = all(".sequence .bar").length;
      one("#connection details").open = true;
      await frame();
      await frame();
      seen.tableRows = all("#connection details tbody tr").length;
    }
    location.hash = "c2";
    await frame();
    await frame();
    seen.secondHeading = one("#connection h3").textContent;

    const times = [];
    for (const button of all("#connections th button")) times.push(await took(() => button.click()));
    for (const text of ["1", "10.", "10.1.0", ""]) times.push(await took(() => change(one("#search"), text, "input")));
    seen.slowest = Math.max(...times);
  } catch (error) {
    troubles.push(`the checks failed: ${error.stack}`);
  }
  seen.troubles = troubles;
  console.log(`SEEN:${btoa(unescape(encodeURIComponent(JSON.stringify(seen))))}:NEES`);
})();
