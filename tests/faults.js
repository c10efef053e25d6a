// What may be wrong on a page of the site, seen from inside: one list of findings for each kind of fault.
window.faults = async () => {
  const images = [...document.images];
  images.forEach(image => { image.loading = "eager"; });
  await Promise.all(images.map(image => image.decode().catch(() => {})));
  const parts = [...document.querySelectorAll("article *")];
  const scrolls = part => part.scrollWidth > part.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(part).overflowX);
  // Styles are read by axe from the page itself; fetching them again is what browsers forbid to files.
  const { violations } = await axe.run(document, { preload: false, resultTypes: ["violations"] });
  return {
    "pictures that are missing or have no alternative":
      images.filter(image => !image.naturalWidth || !image.alt.trim()).map(image => image.src),
    "the page scrolls sideways":
      document.documentElement.scrollWidth > innerWidth ? [document.documentElement.scrollWidth] : [],
    "what scrolls and is not reached with the keyboard":
      parts.filter(part => scrolls(part) && part.tabIndex < 0).map(part => part.outerHTML.slice(0, 80)),
    "words of tables that are cut": [...document.querySelectorAll("article table :is(th, td)")].flatMap(cutWords),
    "barriers":
      violations.flatMap(one => one.nodes.map(node => `${one.id} ${node.target} ${node.failureSummary}`)),
  };
};

function cutWords(cell) {
  const found = [], range = document.createRange();
  const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    for (const word of walker.currentNode.data.matchAll(/\p{L}{3,}/gu)) {
      range.setStart(walker.currentNode, word.index);
      range.setEnd(walker.currentNode, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].map(one => Math.round(one.top)));
      if (lines.size > 1) found.push(word[0]);
    }
  }
  return found;
}
