-- A peer is to be measured, not to fail: what the next program cannot take is dropped, pictures of other kinds or that
-- are not there, and links to what is nowhere.
local KINDS = { latex = "png jpg jpeg pdf", typst = "png jpg jpeg gif svg webp" }
local ids = {}

local function note(element)
  if element.identifier ~= "" then ids[element.identifier] = true end
end

local function image(element)
  local kinds = KINDS[FORMAT]
  local kind = element.src:lower():match("%.(%w+)$") or ""
  local file = io.open(element.src)
  if file then file:close() end
  if not file or (kinds and not (" " .. kinds .. " "):find(" " .. kind .. " ", 1, true)) then
    return element.caption
  end
end

local function link(element)
  local id = element.target:match("^#(.+)$")
  if id and not ids[id] then return element.content end
end

return {
  { Header = note, Div = note, Span = note, Code = note, CodeBlock = note, Figure = note, Table = note, Image = note },
  { Image = image, Link = link },
}
