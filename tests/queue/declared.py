"""Makes a script fail where it touches a key that it was not told of, as Dragonfly does."""

from __future__ import annotations

# Put before a script. Of the commands that scripts use, these take no key or several.
REFUSING = """
local redis = (function(real)
  local told = {}
  for _, name in ipairs(KEYS) do told[name] = true end
  local function check(name)
    if not told[name] then error({err = 'ERR undeclared key: ' .. tostring(name)}) end
  end
  return {call = function(command, ...)
    if command == 'DEL' or command == 'EXISTS' then
      for _, name in ipairs({...}) do check(name) end
    elseif command ~= 'TIME' then
      check((...))
    end
    return real.call(command, ...)
  end}
end)(redis)
"""
