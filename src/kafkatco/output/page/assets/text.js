// Elements and texts.  Every text is inserted as text, never as markup.

const $ = (id) => document.getElementById(id);

function el(tag, attributes = {}, ...children) {
  const element = tag === "svg" || svgTags.has(tag)
    ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}
const svgTags = new Set(["g", "path", "line", "rect", "circle", "polygon", "text"]);

// A template of the page in its language, with values for its {names}.  `make translations`
// extracts the templates: write them as literals, and outside of template strings.
function say(template, values = {}) {
  return entry(data.templates[language], template).replace(
    /\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? values[name] : whole));
}

// a text of the library in the language of the page; any other text, such as a name, as it is
const translated = (text) => entry(data.texts[language], text);
const entry = (texts, text) => (texts && Object.hasOwn(texts, text) ? texts[text] : text);

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
const exact = (value, text) => el("data", { value: String(value) }, text); // all digits for programs
