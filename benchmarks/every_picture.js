// Lets the page believe, while window.aslEveryPicture is true, that each frame needs its picture.
(() => {
  const parse = JSON.parse;
  JSON.parse = (...given) => {
    const value = parse(...given);
    if (window.aslEveryPicture && typeof value?.picture === "boolean") value.picture = true;
    return value;
  };
})();
