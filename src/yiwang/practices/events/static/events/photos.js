/**
 * Photos on the phone: made no larger than the server keeps, with a SHA-256 taken at once.
 * Other scripts use globalThis.YiwangPhotos.
 */
const QUALITY = 0.86;
const SMALL_ENOUGH = 6 * 1024 * 1024; // bytes; a photo within the size is sent as it was taken

async function digestOf(blob) {
  if (!crypto.subtle) return ""; // plain http off this machine: the server goes without
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function drawn(picture, side) {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
}

/** { blob, name, digest } of a chosen file. What this phone cannot open goes as it is. */
async function taken(file, side) {
  let blob = file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const large = Math.max(picture.width, picture.height) > side || file.size > SMALL_ENOUGH;
    const plain = file.type === "image/jpeg" && !large;
    if (!plain) blob = (await drawn(picture, side)) ?? file;
    picture.close();
  } catch {
    /* not a picture this browser knows: the server says so in words, and the draft stays */
  }
  // A copy of the bytes: a file chosen on some phones can no longer be read later.
  const copy = new Blob([await blob.arrayBuffer()], { type: blob.type || "application/octet-stream" });
  return { blob: copy, name: file.name || "photo.jpg", digest: await digestOf(copy) };
}

globalThis.YiwangPhotos = { taken };
