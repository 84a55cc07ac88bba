// Keys that go from slide to slide; without this script the page scrolls.
const slides = [...document.querySelectorAll("section")];
const STEPS = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };

function current() {
  const middle = innerHeight / 2;
  const at = slides.findIndex((slide) => slide.getBoundingClientRect().bottom > middle);
  return at < 0 ? slides.length - 1 : at;
}

function goTo(at) {
  const slide = slides[Math.max(0, Math.min(slides.length - 1, at))];
  slide.scrollIntoView();
  slide.focus({ preventScroll: true });
  history.replaceState(null, "", `#${slide.id}`);
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  // A wide table scrolls by the same keys.
  if (event.target.matches(".table") && event.key.startsWith("Arrow")) return;
  if (STEPS[event.key] !== undefined) goTo(current() + STEPS[event.key]);
  else if (event.key === "Home") goTo(0);
  else if (event.key === "End") goTo(slides.length - 1);
  else return;
  event.preventDefault();
});
