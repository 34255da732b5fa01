// Making elements. Text only ever becomes a text node or an attribute, never markup, so nothing that came from a capture
// can be more than text; characters that hide or reorder what stands around them are spelled out.

const SVG = "http://www.w3.org/2000/svg";

const plain = text => String(text).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]/gu,
  hidden => `\\u{${hidden.codePointAt(0).toString(16).toUpperCase()}}`);

const build = (element, attributes, children) => {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, action] of Object.entries(value)) element.addEventListener(event, action);
    else element.setAttribute(name, value === true ? "" : plain(value));
  }
  add(element, children);
  return element;
};

const add = (element, children) => {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(plain(child)));
  }
  return element;
};

const h = (tag, attributes, ...children) => build(document.createElement(tag), attributes, children);
const s = (tag, attributes, ...children) => build(document.createElementNS(SVG, tag), attributes, children);

const body = id => document.querySelector(`#${id} .body`);
const dropSection = id => document.getElementById(id).remove();

// The tooltip: one element that follows the pointer.
const tip = document.getElementById("tip");
const showTip = (event, text) => {
  if (!text) { tip.hidden = true; return; }
  tip.textContent = plain(text).replaceAll("\\u{A}", "\n");
  tip.hidden = false;
  const [x, y] = [event.clientX, event.clientY];
  tip.style.left = `${Math.max(4, Math.min(x + 14, innerWidth - tip.offsetWidth - 8))}px`;
  tip.style.top = `${y + 18 + tip.offsetHeight > innerHeight ? y - tip.offsetHeight - 10 : y + 18}px`;
};
const hideTip = () => { tip.hidden = true; };
