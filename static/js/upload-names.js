// What a person chose or dropped, as files with the names of the folders they lie in.
const names = new WeakMap();

export const nameOf = (file) => names.get(file) ?? (file.webkitRelativePath || file.name);

// Dropped folders are opened. The entries must be asked for before anything is awaited: then the drop is over.
export async function filesOf(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files];
  return (await Promise.all(entries.map(filesIn))).flat();
}

async function filesIn(entry) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    names.set(file, entry.fullPath.replace(/^\//, ""));
    return [file];
  }
  const found = await Promise.all((await entriesOf(entry.createReader())).map(filesIn));
  return found.flat();
}

// A reader hands out a hundred entries at a time, and an empty list at the end.
async function entriesOf(reader) {
  const all = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return all;
    all.push(...some);
  }
}
