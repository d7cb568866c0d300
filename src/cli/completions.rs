//! The scripts that `--completions SHELL` prints. They are made from the tables of flags.

use super::candidates::Candidates;
use super::documents::Shell;
use super::flags::Flag;
use super::page::{CommandPage, PROGRAM};
use super::verify::COMMAND;

/// The completion script for a shell.
pub fn completions<A, B>(shell: Shell, run: &CommandPage<A>, verify: &CommandPage<B>) -> String {
    match shell {
        Shell::Bash => bash(run.flags, verify.flags),
        Shell::Zsh => zsh(run.flags, verify.flags),
        Shell::Fish => fish(run.flags, verify.flags),
    }
}

/// The names of flags as the user types them.
fn names<A>(flags: &[Flag<A>]) -> impl Iterator<Item = String> {
    flags.iter().flat_map(|flag| {
        let short = flag.short.map(|short| format!("-{short}"));
        short.into_iter().chain([format!("--{}", flag.long)])
    })
}

fn bash<A, B>(run: &[Flag<A>], verify: &[Flag<B>]) -> String {
    let words = |names: &mut dyn Iterator<Item = String>| names.collect::<Vec<_>>().join(" ");
    let (run_words, verify_words) = (words(&mut names(run)), words(&mut names(verify)));
    format!(
        "# Completion of {PROGRAM} for bash.

_access_log_generator() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}}
    COMPREPLY=()
    if [[ $COMP_CWORD -gt 1 && ${{COMP_WORDS[1]}} == {COMMAND} ]]; then
        local flags='{verify_words}'
        case $previous in
{}        esac
    else
        local flags='{run_words}'
        case $previous in
{}        esac
        if [[ $COMP_CWORD -eq 1 ]]; then
            mapfile -t COMPREPLY < <(compgen -W {COMMAND} -- \"$current\")
        fi
    fi
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W \"$flags\" -- \"$current\")
    else
        mapfile -t -O ${{#COMPREPLY[@]}} COMPREPLY < <(compgen -f -- \"$current\")
    fi
}}

complete -o filenames -F _access_log_generator {PROGRAM}
",
        bash_values(verify),
        bash_values(run),
    )
}

/// The cases for flags that take a value.
fn bash_values<A>(flags: &[Flag<A>]) -> String {
    let case = |flag: &Flag<A>| {
        let generate = match flag.candidates()? {
            Candidates::Files => "-f".to_owned(),
            Candidates::Directories => "-d".to_owned(),
            Candidates::Words(words) => format!("-W '{}'", words.join(" ")),
            Candidates::Unknown => {
                return Some(format!("            --{}) return ;;\n", flag.long));
            }
        };
        Some(format!(
            "            --{}) mapfile -t COMPREPLY < <(compgen {generate} -- \"$current\"); return ;;\n",
            flag.long
        ))
    };
    flags.iter().filter_map(case).collect()
}

fn zsh<A, B>(run: &[Flag<A>], verify: &[Flag<B>]) -> String {
    format!(
        "#compdef {PROGRAM}
# Completion of {PROGRAM} for zsh.

_access_log_generator() {{
    if (( CURRENT > 2 )) && [[ $words[2] == {COMMAND} ]]; then
        shift words
        (( CURRENT-- ))
        _arguments -s \\
{}            '*:received lines:_files'
    else
        _arguments -s \\
{}            '1:configuration:_access_log_generator_first' \\
            '*::configuration:_files'
    fi
}}

_access_log_generator_first() {{
    _alternative 'commands:command:({COMMAND})' 'files:configuration:_files'
}}

if [[ $funcstack[1] == _{PROGRAM} ]]; then
    _access_log_generator \"$@\"
else
    compdef _access_log_generator {PROGRAM}
fi
",
        zsh_flags(verify),
        zsh_flags(run),
    )
}

fn zsh_flags<A>(flags: &[Flag<A>]) -> String {
    let rows = |flag: &Flag<A>| {
        let value = flag.value().unwrap_or_default();
        let value = match flag.candidates() {
            None => String::new(),
            Some(Candidates::Files) => format!(":{value}:_files"),
            Some(Candidates::Directories) => format!(":{value}:_files -/"),
            Some(Candidates::Words(words)) => format!(":{value}:({})", words.join(" ")),
            Some(Candidates::Unknown) => format!(":{value}: "),
        };
        let help = flag.help.replace('\'', "'\\''").replace('[', "\\[").replace(']', "\\]");
        let help = help.replace(':', "\\:");
        let equals = if value.is_empty() { "" } else { "=" };
        let long = format!("            '--{}{equals}[{help}]{value}' \\\n", flag.long);
        let short = flag.short.map(|short| format!("            '-{short}[{help}]{value}' \\\n"));
        short.unwrap_or_default() + &long
    };
    flags.iter().map(rows).collect()
}

fn fish<A, B>(run: &[Flag<A>], verify: &[Flag<B>]) -> String {
    let is_verify = format!("__fish_seen_subcommand_from {COMMAND}");
    format!(
        "# Completion of {PROGRAM} for fish.

complete -c {PROGRAM} -n __fish_is_first_arg -a {COMMAND} -d 'Tell which lines did not arrive'
{}{}",
        fish_flags(&format!("not {is_verify}"), run),
        fish_flags(&is_verify, verify),
    )
}

fn fish_flags<A>(condition: &str, flags: &[Flag<A>]) -> String {
    let row = |flag: &Flag<A>| {
        let short = flag.short.map(|short| format!(" -s {short}")).unwrap_or_default();
        let value = match flag.candidates() {
            None => String::new(),
            Some(Candidates::Files) => " -r -F".to_owned(),
            Some(Candidates::Directories) => " -x -a '(__fish_complete_directories)'".to_owned(),
            Some(Candidates::Words(words)) => format!(" -x -a '{}'", words.join(" ")),
            Some(Candidates::Unknown) => " -x".to_owned(),
        };
        let help = flag.help.replace('\'', "\\'");
        format!(
            "complete -c {PROGRAM} -n '{condition}'{short} -l {}{value} -d '{help}'\n",
            flag.long
        )
    };
    flags.iter().map(row).collect()
}
