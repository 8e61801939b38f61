// The page: settings in, answers out.  Every text goes in as text, never as markup.

const data = JSON.parse(document.getElementById("data").textContent);
const models = data.cases.map((scenario) => new Model(data, scenario));
let language = data.language;
let at = 0; // which scenario
let settings = asInFile();
let shown = null; // what the chart and the tables of crossovers were made of
let waiting = 0; // to write the address: browsers refuse pages that do so at every step of a slider

function show() {
  const solved = models[at].solve(settings), bills = models[at].bills(settings);
  for (const refresh of controls) refresh();
  showAnswer(solved, bills);
  showBills(bills);
  if (shown !== solved) { // they do not depend on the traffic that is chosen
    showChart(solved);
    showIntervals(solved);
    showCrossovers(solved);
    shown = solved;
  }
  showHere();
  const link = toLink();
  $("link").href = link;
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    history.replaceState(null, "", link === "#" ? location.pathname + location.search : link);
  }, 300);
}

function begin() {
  shown = null;
  document.documentElement.lang = language;
  document.title = `${say(data.title)} – kafkatco`;
  document.querySelector("h1").textContent = say(data.title);
  for (const part of document.querySelectorAll("[data-say]")) part.textContent = say(part.dataset.say);
  $("language").value = language;
  $("scenario").replaceChildren(...data.cases.map((one, i) => el("option", { value: i }, say(one.title))));
  $("scenario").value = at;
  $("prices-choice").hidden = data.cases.length < 2;
  $("currency").replaceChildren(...Object.keys(scenario().rates)
    .map((money) => el("option", { value: money }, money)));
  $("currency").value = settings.currency;
  makeControls();
  showClaims();
  showBasis();
  show();
}

$("controls").addEventListener("submit", (event) => event.preventDefault());
$("language").addEventListener("change", (event) => { language = event.target.value; begin(); });
$("currency").addEventListener("change", (event) => { settings.currency = event.target.value; begin(); });
$("scenario").addEventListener("change", (event) => { at = Number(event.target.value); settings = asInFile(); begin(); });
$("reset").addEventListener("click", () => { settings = asInFile(); $("notice").textContent = ""; begin(); });
$("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText($("link").href);
    $("notice").textContent = say("Copied.");
  } catch {
    $("notice").textContent = $("link").href; // where a browser does not let a page copy
  }
});
addEventListener("hashchange", (event) => { fromLink(new URL(event.newURL).hash); begin(); });
addEventListener("beforeprint", () => { for (const part of document.querySelectorAll("details")) part.open = true; });
fromLink(location.hash);
begin();
