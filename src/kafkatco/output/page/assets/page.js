// The page: reads the settings and shows the answers.

const data = JSON.parse(document.getElementById("data").textContent);
const models = data.cases.map((one) => new Model(data, one));
let language = data.language;
let at = 0; // the index of the scenario
let settings = settingsOfFile();
let drawn = null; // the solution that the chart and the tables of crossovers show
let timer = 0; // of the address: browsers block pages that write it at every step of a slider

function show() {
  const solution = models[at].solve(settings), bills = models[at].bills(settings);
  for (const refresh of controls) refresh();
  showAnswer(solution, bills);
  showBills(bills);
  if (drawn !== solution) { // it does not depend on the chosen traffic
    showChart(solution);
    showIntervals(solution);
    showCrossovers(solution);
    drawn = solution;
  }
  showHere();
  const link = toLink();
  $("link").href = link;
  clearTimeout(timer);
  timer = setTimeout(() => {
    history.replaceState(null, "", link === "#" ? location.pathname + location.search : link);
  }, 300);
}

function begin() {
  drawn = null;
  document.documentElement.lang = language;
  document.title = `${data.title[language]} – kafkatco`;
  document.querySelector("h1").textContent = data.title[language];
  for (const part of document.querySelectorAll("[data-say]")) part.textContent = say(part.dataset.say);
  $("language").value = language;
  $("scenario").replaceChildren(...data.cases.map((one, i) => el("option", { value: i }, one.title[language])));
  $("scenario").value = at;
  $("prices-choice").hidden = data.cases.length < 2;
  $("currency").replaceChildren(...Object.keys(scenario().rates)
    .map((currency) => el("option", { value: currency }, currency)));
  $("currency").value = settings.currency;
  makeControls();
  showClaims();
  showNeedsPrice();
  showBasis();
  show();
}

$("controls").addEventListener("submit", (event) => event.preventDefault());
$("language").addEventListener("change", (event) => { language = event.target.value; begin(); });
$("currency").addEventListener("change", (event) => { settings.currency = event.target.value; begin(); });
$("scenario").addEventListener("change", (event) => { at = Number(event.target.value); settings = settingsOfFile(); begin(); });
$("reset").addEventListener("click", () => { settings = settingsOfFile(); $("notice").textContent = ""; begin(); });
$("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText($("link").href);
    $("notice").textContent = say("Copied.");
  } catch {
    $("notice").textContent = $("link").href; // if the browser does not let a page copy
  }
});
addEventListener("hashchange", (event) => { fromLink(new URL(event.newURL).hash); begin(); });
addEventListener("beforeprint", () => { for (const part of document.querySelectorAll("details")) part.open = true; });
fromLink(location.hash);
begin();
