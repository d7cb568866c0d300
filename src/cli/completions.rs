//! The scripts that `--completions SHELL` prints. They are made from the tables of flags.

use super::candidates::Candidates;
use super::documents::Shell;
use super::page::{FlagView, PROGRAM, Subcommand};

/// The completion script for a shell, from the flags of a run and the other commands.
pub fn completions(shell: Shell, run: &[FlagView], commands: &[Subcommand]) -> String {
    match shell {
        Shell::Bash => bash(run, commands),
        Shell::Zsh => zsh(run, commands),
        Shell::Fish => fish(run, commands),
    }
}

/// The names of the commands, with a space between them.
fn names(commands: &[Subcommand]) -> String {
    commands.iter().map(|command| command.name).collect::<Vec<_>>().join(" ")
}

/// The flags as the user types them, with a space between them.
fn words(flags: &[FlagView]) -> String {
    let words = flags.iter().flat_map(|flag| {
        let short = flag.short.map(|short| format!("-{short}"));
        short.into_iter().chain([format!("--{}", flag.long)])
    });
    words.collect::<Vec<_>>().join(" ")
}

fn bash(run: &[FlagView], commands: &[Subcommand]) -> String {
    let names = names(commands);
    let branches: String = commands.iter().map(bash_branch).collect();
    format!(
        "# Completion of {PROGRAM} for bash.

_access_log_generator() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} command='' flags
    COMPREPLY=()
    if [[ $COMP_CWORD -gt 1 ]]; then
        command=${{COMP_WORDS[1]}}
    fi
    case $command in
{branches}    *)
        flags='{}'
        case $previous in
{}        esac
        if [[ $COMP_CWORD -eq 1 ]]; then
            mapfile -t COMPREPLY < <(compgen -W '{names}' -- \"$current\")
        fi
        ;;
    esac
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W \"$flags\" -- \"$current\")
    else
        mapfile -t -O ${{#COMPREPLY[@]}} COMPREPLY < <(compgen -f -- \"$current\")
    fi
}}

complete -o filenames -F _access_log_generator {PROGRAM}
",
        words(run),
        bash_values(run),
    )
}

/// What is completed behind the name of a command.
fn bash_branch(Subcommand { name, page, .. }: &Subcommand) -> String {
    format!(
        "    {name})
        flags='{}'
        case $previous in
{}        esac
        ;;
",
        words(&page.flags),
        bash_values(&page.flags)
    )
}

/// The cases for flags that take a value.
fn bash_values(flags: &[FlagView]) -> String {
    let case = |flag: &FlagView| {
        let generate = match flag.candidates? {
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

fn zsh(run: &[FlagView], commands: &[Subcommand]) -> String {
    let branch = |Subcommand { name, files, page, .. }: &Subcommand| {
        format!(
            "    if (( CURRENT > 2 )) && [[ $words[2] == {name} ]]; then
        shift words
        (( CURRENT-- ))
        _arguments -s \\
{}            '*:{files}:_files'
        return
    fi
",
            zsh_flags(&page.flags)
        )
    };
    format!(
        "#compdef {PROGRAM}
# Completion of {PROGRAM} for zsh.

_access_log_generator() {{
{}    _arguments -s \\
{}            '1:configuration:_access_log_generator_first' \\
            '*::configuration:_files'
}}

_access_log_generator_first() {{
    _alternative 'commands:command:({})' 'files:configuration:_files'
}}

if [[ $funcstack[1] == _{PROGRAM} ]]; then
    _access_log_generator \"$@\"
else
    compdef _access_log_generator {PROGRAM}
fi
",
        commands.iter().map(branch).collect::<String>(),
        zsh_flags(run),
        names(commands),
    )
}

fn zsh_flags(flags: &[FlagView]) -> String {
    let rows = |flag: &FlagView| {
        let value = flag.value.unwrap_or_default();
        let value = match flag.candidates {
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

fn fish(run: &[FlagView], commands: &[Subcommand]) -> String {
    let seen = |names: &str| format!("__fish_seen_subcommand_from {names}");
    let mut text = format!("# Completion of {PROGRAM} for fish.\n\n");
    for Subcommand { name, brief, .. } in commands {
        text += &format!("complete -c {PROGRAM} -n __fish_is_first_arg -a {name} -d '{brief}'\n");
    }
    text += &fish_flags(&format!("not {}", seen(&names(commands))), run);
    for Subcommand { name, page, .. } in commands {
        text += &fish_flags(&seen(name), &page.flags);
    }
    text
}

fn fish_flags(condition: &str, flags: &[FlagView]) -> String {
    let row = |flag: &FlagView| {
        let short = flag.short.map(|short| format!(" -s {short}")).unwrap_or_default();
        let value = match flag.candidates {
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
