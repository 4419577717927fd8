// Shows the part of a chosen picture that is kept, while it is moved. `Crop` of the server cuts the same part.
export function activate(form) {
  const [file] = form.querySelectorAll("[type=file]");
  const [crop] = form.querySelectorAll("details");
  const canvas = crop.querySelector("canvas");
  let picture;

  function draw() {
    if (!picture) return;
    const [x, y, size] = ["x", "y", "size"].map((name) => form.elements.namedItem(name).valueAsNumber / 100);
    const side = Math.min(picture.width, picture.height) * size;
    const [left, top] = [(picture.width - side) * x, (picture.height - side) * y];
    canvas.getContext("2d").drawImage(picture, left, top, side, side, 0, 0, canvas.width, canvas.height);
  }

  file.addEventListener("change", async () => {
    picture = undefined;
    const isChosen = file.files.length > 0;
    form.classList.toggle("chosen", isChosen);
    crop.open = isChosen;
    // A picture that the browser cannot read is refused by the server, with the reason.
    if (isChosen) picture = await createImageBitmap(file.files[0]).catch(() => undefined);
    canvas.hidden = !picture;
    draw();
  });
  form.addEventListener("input", draw);
}
