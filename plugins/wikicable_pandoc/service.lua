-- Converts one document after another, in one process: run by `pandoc lua`.
--
-- A request is a line with the length of a header, the header as JSON, then the text and the media it names, each of
-- the length that the header says.  The answer has the same shape.  What a text includes from other files is not
-- there for it: it is read in pandoc's sandbox.

local function receive()
  local length = io.read("l")
  if not length then os.exit(0) end
  local header = pandoc.json.decode(io.read(tonumber(length)), false)
  header.text = header.size > 0 and io.read(header.size) or ""
  for _, medium in ipairs(header.media) do
    medium.data = medium.size > 0 and io.read(medium.size) or ""
  end
  return header
end

local function answer(header, text, media)
  header.size = #text
  header.media = pandoc.List()
  for _, medium in ipairs(media) do
    header.media:insert({name = medium.name, type = medium.type or "", size = #medium.data})
  end
  local encoded = pandoc.json.encode(header)
  io.write(#encoded, "\n", encoded, text)
  for _, medium in ipairs(media) do io.write(medium.data) end
  io.flush()
end

local function read(request)
  local options = {standalone = true}
  local document = pandoc.read(request.text, request.format, options, {})
  local media = {}
  for path, kind, data in pandoc.mediabag.items() do
    table.insert(media, {name = path, type = kind, data = data})
  end
  return pandoc.write(document, "json"), media
end

local function compiled(request)
  if request.template ~= "" then
    local file = assert(io.open(request.template, "rb"))
    local text = file:read("a")
    file:close()
    return pandoc.template.compile(text)
  end
  local found, text = pcall(pandoc.template.default, request.format:match("^[^+-]+"))
  return found and pandoc.template.compile(text) or nil
end

local templates = {}

local function template(request)
  local key = request.format .. "\0" .. request.template
  if templates[key] == nil then templates[key] = compiled(request) or false end
  return templates[key] or nil
end

local function write(request)
  for _, medium in ipairs(request.media) do
    pandoc.mediabag.insert(medium.name, medium.type, medium.data)
  end
  local options = pandoc.WriterOptions {table_of_contents = request.toc, number_sections = request.number_sections}
  if request.reference_doc ~= "" then options.reference_doc = request.reference_doc end
  if request.standalone then options.template = template(request) end
  return pandoc.write(pandoc.read(request.text, "json"), request.format, options), {}
end

local ways = {read = read, write = write}

io.stdout:setvbuf("full")
while true do
  local request = receive()
  pandoc.mediabag.empty()
  local done, text, media = pcall(ways[request.way], request)
  if done then
    answer({error = ""}, text, media)
  else
    answer({error = tostring(text)}, "", {})
  end
end
