// On every page: folded parts are unfolded to be printed, and to show the heading that an address names.
let folded = [];

addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("main details:not([open]):not(.contents)")];
  for (const one of folded) one.open = true;
});

addEventListener("afterprint", () => {
  for (const one of folded) one.open = false;
});

function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let one = target?.closest("details"); one; one = one.parentElement.closest("details")) {
    one.open = true;
  }
  target?.scrollIntoView();
}

addEventListener("hashchange", reveal);
if (location.hash !== "") reveal();

addEventListener("keydown", (event) => {
  const isTyping = /^(input|textarea|select)$/i.test(event.target.tagName);
  if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  document.getElementById("q").focus();
});
