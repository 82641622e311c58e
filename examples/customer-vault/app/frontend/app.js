// Each table shows the response of its part of the API, with a column for each key.
const get = async (path) => (await fetch(`/api/${path}`)).json();

const row = (kind, cells) => {
  const line = document.createElement("tr");
  for (const cell of cells) line.appendChild(document.createElement(kind)).textContent = cell ?? "–";
  return line;
};

const show = async (name) => {
  const rows = await get(name);
  const table = document.getElementById(name);
  if (rows.length) table.append(row("th", Object.keys(rows[0])));
  for (const each of rows) table.append(row("td", Object.values(each)));
};

get("health").then((health) => { document.getElementById("version").textContent = health.version; });
["users", "departments", "documents"].forEach(show);
