-- Times pandoc at the work of run.py, in one process: pandoc lua pandoc.lua PAGES.json FORMAT READER
-- Prints a line before each page, so that one that never ends can be named, and the seconds at the end.
local path, format, reader = arg[1], arg[2], arg[3]
local file = assert(io.open(path, "rb"))
local pages = pandoc.json.decode(file:read("a"), false)
file:close()

local reading, writing, refused = 0, 0, {}
for number, page in ipairs(pages) do
  io.write("page ", number, "\n")
  io.flush()
  local start = os.clock()
  local ok, document = pcall(pandoc.read, page, reader)
  reading = reading + os.clock() - start
  if ok then
    start = os.clock()
    pandoc.write(document, format)
    writing = writing + os.clock() - start
  else
    table.insert(refused, number)
  end
end
io.write(pandoc.json.encode({ reading = reading, writing = writing, refused = pandoc.List(refused) }), "\n")
