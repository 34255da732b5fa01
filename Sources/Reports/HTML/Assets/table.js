// A table of any number of rows: sorted by its heads, shown a page at a time, so that ten thousand answer as fast as ten.

const pagedTable = ({ label, columns, rows, pageSize = 50, sortBy = null, open = null, rowID = null }) => {
  let all = rows, shown = rows, page = 0, order = sortBy && { ...sortBy };
  const head = h("tr", {}), list = h("tbody", {});
  const status = h("span", { class: "status", role: "status" });
  const turn = step => { page += step; draw(); };
  const previous = h("button", { type: "button", on: { click: () => turn(-1) } }, "Previous");
  const next = h("button", { type: "button", on: { click: () => turn(1) } }, "Next");
  for (const column of columns) {
    const sortable = column.value && h("button", { type: "button", class: "sort", on: { click: () => sort(column) } }, column.title);
    column.head = h("th", { scope: "col", class: column.number ? "number" : null, title: column.says }, sortable || column.title);
    head.append(column.head);
  }

  const sort = column => {
    const same = order && order.key === column.key;
    order = { key: column.key, down: same ? !order.down : !!column.number };
    page = 0;
    arrange();
  };

  const arrange = () => {
    const column = order && columns.find(column => column.key === order.key);
    shown = all;
    if (column) {
      const keys = new Map(all.map(row => [row, column.value(row)]));
      const sign = order.down ? -1 : 1;
      shown = [...all].sort((a, b) => {
        const [one, other] = [keys.get(a), keys.get(b)];
        if (typeof one === "number") return sign * (one - other);
        return sign * (one < other ? -1 : one > other ? 1 : 0);
      });
    }
    for (const column of columns) {
      if (!column.value) continue;
      column.head.setAttribute("aria-sort",
        order && order.key === column.key ? (order.down ? "descending" : "ascending") : "none");
    }
    draw();
  };

  const draw = () => {
    const pages = Math.max(1, Math.ceil(shown.length / pageSize));
    page = Math.max(0, Math.min(page, pages - 1));
    const from = page * pageSize, visible = shown.slice(from, from + pageSize);
    list.replaceChildren(...visible.map(row => h("tr", {
      id: rowID && rowID(row), class: open ? "opens" : null,
      on: open && { click: event => { if (!event.target.closest("a, button")) open(row); } },
    }, columns.map(column => h("td", { class: column.number ? "number" : column.look }, column.cell(row))))));
    status.textContent = shown.length
      ? `${grouped(from + 1)}–${grouped(from + visible.length)} of ${grouped(shown.length)}` : "none";
    previous.disabled = page === 0;
    next.disabled = page >= pages - 1;
    pager.hidden = pages === 1 && shown.length > 0;
  };

  const pager = h("div", { class: "pager" }, previous, status, next);
  const node = h("div", {},
    h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": label },
      h("table", {}, h("thead", {}, head), list)), pager);
  arrange();
  return {
    node,
    setRows(rows) { all = rows; page = 0; arrange(); },
    rows: () => shown,
  };
};
