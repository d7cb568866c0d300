# Prints the lines of a log that a section [PARSER] of Fluent Bit does not read. Ruby's regular expressions are of the library
# that Fluent Bit has, Onigmo.
#   ruby fluent_bit.rb LOG SECTION

require "time"

path, section = ARGV
settings = section.lines.drop(1).to_h { |line| line.strip.split(/\s+/, 2) }
expression = Regexp.new(settings.fetch("Regex"))
key, form = settings.values_at("Time_Key", "Time_Format")
kinds = settings.fetch("Types", "").split.to_h { |pair| pair.split(":") }
number = { "integer" => /\A(-|-?\d+|)\z/, "float" => /\A(-|-?\d+(\.\d+)?|)\z/ }

File.foreach(path, chomp: true) do |line|
  found = expression.match(line)
  read = found && kinds.all? { |name, kind| number.fetch(kind).match?(found[name].to_s) }
  read &&= Time.strptime(found[key], form) if key
  puts line unless read
rescue ArgumentError
  puts line
end
