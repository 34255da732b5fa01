// Puts the page together and follows its address: #c12 opens connection 12.

const drawContents = () => {
  const links = [...document.querySelectorAll("main section")].map(section =>
    h("a", { href: `#${section.id}` }, section.querySelector("h2").textContent));
  add(document.getElementById("contents"), [links]);
};

const follow = scroll => {
  const asked = /^#c(\d+)$/.exec(location.hash);
  if (asked) openConnection(+asked[1], scroll);
};

drawVerdict();
drawPath();
drawFindings();
drawSegments();
drawDelays();
drawNAT();
drawPoints();
drawConnections();
if (data.remarks.length) body("remarks").append(h("ul", {}, data.remarks.map(remark => h("li", {}, remark))));
else dropSection("remarks");
drawContents();
if (/^#c\d+$/.test(location.hash)) follow(true);
else if (data.ladders.length) openConnection(data.ladders[0][0], false);
addEventListener("hashchange", () => follow(true));
addEventListener("keydown", event => {
  if (event.key !== "/" || event.target.closest("input, select, textarea")) return;
  event.preventDefault();
  document.getElementById("search")?.focus();
});
