// Elements and texts.  Every text goes in as text, never as markup.

const $ = (id) => document.getElementById(id);

function el(tag, attributes = {}, ...children) {
  const made = tag === "svg" || svgTags.has(tag)
    ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}
const svgTags = new Set(["g", "path", "line", "rect", "circle", "polygon", "text"]);

// a text in the language of the page, with its {parts}, which are shown as they are
function say(text, parts = {}) {
  if (Array.isArray(text)) return say(...text);
  const words = data.words[language] ?? {};
  const found = Object.hasOwn(words, text) ? words[text] : text;
  return found.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(parts, name) ? parts[name] : whole));
}

const scenario = () => data.cases[at];
const locale = () => (language === "ko" ? "ko-KR" : "en-US");
const tb = (x) => x * scenario().per_base;
const number = (value, digits = 6) => value.toLocaleString(locale(), { maximumSignificantDigits: digits });
const share = (value, digits = 1) => `${value.toLocaleString(locale(), { maximumFractionDigits: digits })} %`;
const money = (value) => {
  const digits = ["KRW", "JPY"].includes(settings.currency) ? 0 : 2;
  return value.toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
};
const short = (value) => value.toLocaleString(locale(), { notation: "compact", maximumSignificantDigits: 3 });
const exact = (value, shown) => el("data", { value: String(value) }, shown); // all its digits
