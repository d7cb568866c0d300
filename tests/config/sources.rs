//! Where a configuration comes from, what comes before what, and what is refused there.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use access_log_generator::inside::cli::Arguments;
use access_log_generator::inside::config::Destination;
use access_log_generator::inside::config::source::{ConfigSource, Loaded};
use tempfile::TempDir;

use crate::support::load_from;

const B64: &str = "LOG_GENERATOR_CONFIG_YAML_B64";
pub const YAML: &str = "LOG_GENERATOR_CONFIG_YAML";
pub const PATH: &str = "LOG_GENERATOR_CONFIG_PATH";

/// A directory with a file for each source that is one; each source has a rate of its own.
pub fn everything() -> (TempDir, Arguments, Vec<(&'static str, &'static [u8])>) {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("config")).unwrap();
    write(&directory, "argument.yaml", b"output: {rate: 1}");
    write(&directory, "variable.yaml", b"output: {rate: 4}");
    write(&directory, "config/config.yaml", b"output: {rate: 5}");
    let arguments = Arguments { config: Some("argument.yaml".into()), ..Arguments::default() };
    let variables: Vec<(&str, &[u8])> = vec![
        (B64, b"b3V0cHV0OiB7cmF0\nZTogMn0K \n"),
        (YAML, b"output: {rate: 3}"),
        (PATH, b"variable.yaml"),
    ];
    (directory, arguments, variables)
}

pub fn write(directory: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = directory.path().join(name);
    fs::write(&path, bytes).unwrap();
    path
}

fn passed_over(loaded: &Loaded) -> Vec<String> {
    loaded.passed_over.iter().map(ToString::to_string).collect()
}

/// What is said of a configuration that comes from one variable.
pub fn refused(name: &str, value: &[u8]) -> String {
    let directory = tempfile::tempdir().unwrap();
    let loaded = load_from(directory.path(), &Arguments::default(), &[(name, value)]);
    let message = loaded.unwrap_err().to_string();
    message.strip_suffix("\n1 error; nothing was started").unwrap().to_owned()
}

/// What is said of a file, whose name is left out.
fn refused_file(path: &Path) -> String {
    let arguments = Arguments { config: Some(path.to_owned()), ..Arguments::default() };
    let message = load_from(Path::new(""), &arguments, &[]).unwrap_err().to_string();
    let message = message.strip_prefix(&path.display().to_string()).unwrap();
    message.strip_suffix("\n1 error; nothing was started").unwrap().to_owned()
}

#[test]
fn the_first_source_that_is_there_is_used_and_the_others_are_named() {
    let (directory, mut arguments, mut variables) = everything();
    let load = |arguments: &Arguments, variables: &[(&str, &[u8])]| {
        load_from(directory.path(), arguments, variables).unwrap()
    };

    let loaded = load(&arguments, &variables);
    assert_eq!(loaded.config.output.rate, 1.0);
    assert_eq!(loaded.source, ConfigSource::Argument("argument.yaml".into()));
    assert_eq!(
        passed_over(&loaded),
        [
            "LOG_GENERATOR_CONFIG_YAML_B64 (comes later)",
            "LOG_GENERATOR_CONFIG_YAML (comes later)",
            "LOG_GENERATOR_CONFIG_PATH (comes later)",
            "config/config.yaml (comes later)",
        ]
    );

    arguments.config = None;
    let loaded = load(&arguments, &variables);
    assert_eq!((loaded.config.output.rate, loaded.source), (2.0, ConfigSource::YamlBase64));
    variables.remove(0);
    let loaded = load(&arguments, &variables);
    assert_eq!((loaded.config.output.rate, &loaded.source), (3.0, &ConfigSource::Yaml));
    assert_eq!(
        passed_over(&loaded),
        [
            "CONFIG (not given)",
            "LOG_GENERATOR_CONFIG_YAML_B64 (not set)",
            "LOG_GENERATOR_CONFIG_PATH (comes later)",
            "config/config.yaml (comes later)",
        ]
    );
    variables.remove(0);
    let loaded = load(&arguments, &variables);
    assert_eq!(loaded.config.output.rate, 4.0);
    assert_eq!(loaded.source.to_string(), "variable.yaml (LOG_GENERATOR_CONFIG_PATH)");
    variables.remove(0);
    let loaded = load(&arguments, &variables);
    assert_eq!((loaded.config.output.rate, loaded.source), (5.0, ConfigSource::DefaultPath));

    fs::remove_file(directory.path().join("config/config.yaml")).unwrap();
    let loaded = load(&arguments, &variables);
    assert_eq!(loaded.source, ConfigSource::BuiltIn);
    assert_eq!(loaded.config.output.directory.as_deref(), Some(Path::new("./logs")));
    assert_eq!(passed_over(&loaded).last().unwrap(), "config/config.yaml (not there)");
}

#[test]
fn a_source_that_is_there_and_wrong_is_never_passed_over() {
    let (directory, mut arguments, variables) = everything();
    arguments.config = Some("missing.yaml".into());
    let errors = load_from(directory.path(), &arguments, &variables).unwrap_err().to_string();
    assert!(errors.starts_with("missing.yaml: cannot be read: No such file"), "{errors}");
    let message = refused(PATH, b"missing.yaml");
    assert!(message.ends_with("(named by LOG_GENERATOR_CONFIG_PATH)"), "{message}");
}

#[test]
fn a_missing_file_is_passed_over_with_a_warning_only_where_its_directory_is_empty_or_missing() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("mounted")).unwrap();
    let load =
        |path: &str| load_from(root.path(), &Arguments::default(), &[(PATH, path.as_bytes())]);
    for (path, why) in [
        ("mounted/config.yaml", "the directory mounted is empty"),
        ("elsewhere/config.yaml", "the directory elsewhere is not there"),
    ] {
        let loaded = load(path).unwrap();
        assert_eq!(loaded.source, ConfigSource::BuiltIn);
        assert!(passed_over(&loaded).contains(&format!("{PATH} (its file is not there)")));
        let warnings: Vec<_> = loaded.warnings.iter().map(ToString::to_string).collect();
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(
            warnings[0].starts_with(&format!("{PATH}: found no {path}: {why}")),
            "{warnings:?}"
        );
    }
    write(&root, "mounted/other.yaml", b"output: {rate: 1}");
    let error = load("mounted/config.yaml").unwrap_err().to_string();
    assert!(error.starts_with("mounted/config.yaml: cannot be read: No such file"), "{error}");
    // A link that leads nowhere is there.
    fs::remove_file(root.path().join("mounted/other.yaml")).unwrap();
    std::os::unix::fs::symlink("nowhere", root.path().join("mounted/config.yaml")).unwrap();
    assert!(load("mounted/config.yaml").is_err());
}

#[test]
fn a_missing_file_behind_a_source_that_is_used_is_no_warning() {
    let root = tempfile::tempdir().unwrap();
    let variables: [(&str, &[u8]); 2] =
        [(YAML, b"output: {rate: 3}"), (PATH, b"elsewhere/config.yaml")];
    let loaded = load_from(root.path(), &Arguments::default(), &variables).unwrap();
    assert_eq!((loaded.source, loaded.warnings), (ConfigSource::Yaml, Vec::new()));
}

#[test]
fn the_default_directory_of_the_environment_gives_way_to_all_that_name_one() {
    let directory = |variables: &[(&str, &[u8])]| {
        load_from(Path::new("/no/such/directory"), &Arguments::default(), variables)
            .unwrap()
            .config
            .output
            .directory
            .unwrap()
    };
    let default: (&str, &[u8]) = ("LOG_DIR_DEFAULT", b"/from/image");
    assert_eq!(directory(&[default]), Path::new("/from/image"));
    assert_eq!(directory(&[default, (YAML, b"output: {rate: 1}")]), Path::new("/from/image"));
    assert_eq!(directory(&[default, (YAML, b"output: {directory: /own}")]), Path::new("/own"));
    assert_eq!(directory(&[default, ("LOG_DIR_OVERRIDE", b"/mine")]), Path::new("/mine"));
    assert_eq!(directory(&[("LOG_DIR_DEFAULT", b"")]), Path::new("./logs"));
}

#[test]
fn lines_on_standard_output_have_a_directory_beside_them_only_where_one_is_named() {
    let place = |arguments: &Arguments, variables: &[(&str, &[u8])]| {
        let loaded = load_from(Path::new("/no/such/directory"), arguments, variables).unwrap();
        let output = loaded.config.output;
        (output.destination, output.directory.map(|path| path.display().to_string()))
    };
    let named = |directory: &str| Some(directory.to_owned());
    let (none, flag) = (Arguments::default(), Arguments { stdout: true, ..Arguments::default() });
    let variable: (&str, &[u8]) = ("DESTINATION_OVERRIDE", b" stdout ");
    let image: (&str, &[u8]) = ("LOG_DIR_DEFAULT", b"/from/image");
    let file: (&str, &[u8]) = (YAML, b"output: {destination: stdout}");
    let own: (&str, &[u8]) = (YAML, b"output: {destination: both, directory: /own}");
    use Destination::{Both, Files, Stdout};

    for (arguments, variables) in
        [(&flag, &[][..]), (&none, &[variable]), (&none, &[file]), (&none, &[variable, image])]
    {
        assert_eq!(place(arguments, variables), (Stdout, None), "{variables:?}");
    }
    assert_eq!(place(&flag, &[own]), (Stdout, named("/own")));
    assert_eq!(place(&none, &[own]), (Both, named("/own")));
    assert_eq!(place(&flag, &[("LOG_DIR_OVERRIDE", b"/mine")]), (Stdout, named("/mine")));
    assert_eq!(place(&none, &[("DESTINATION_OVERRIDE", b"both")]), (Both, named("./logs")));
    assert_eq!(place(&none, &[file, ("DESTINATION_OVERRIDE", b"files")]), (Files, named("./logs")));
    assert_eq!(
        place(&flag, &[("DESTINATION_OVERRIDE", b"both")]),
        (Stdout, None),
        "the flag wins over the variable"
    );
}

#[test]
fn a_variable_that_is_set_and_empty_counts_as_unset() {
    let names = [
        B64,
        YAML,
        PATH,
        "LOG_DIR_OVERRIDE",
        "RATE_OVERRIDE",
        "RATE_PER_SECOND",
        "PORT_OVERRIDE",
        "DESTINATION_OVERRIDE",
        "SHARD",
        "SHARD_COUNT",
        "PRE_WARM",
        "DEBUG",
        "NO_ERROR_LOG",
        "NO_SYSTEM_LOG",
    ];
    let variables = names.map(|name| (name, &b""[..]));
    let directory = tempfile::tempdir().unwrap();
    let empty = load_from(directory.path(), &Arguments::default(), &variables).unwrap();
    let unset = load_from(directory.path(), &Arguments::default(), &[]).unwrap();
    assert_eq!((&empty.config, &empty.source), (&unset.config, &ConfigSource::BuiltIn));
    assert_eq!((&empty.overridden, &empty.warnings), (&unset.overridden, &unset.warnings));
    assert_eq!(passed_over(&empty)[1], "LOG_GENERATOR_CONFIG_YAML_B64 (set but empty)");
}

#[test]
fn a_variable_that_is_blank_is_an_error() {
    assert!(refused(B64, b" \n").contains("set but blank, expected a configuration in base64"));
    assert!(refused("LOG_DIR_OVERRIDE", b" ").contains("expected the directory of the log files"));
    assert!(refused("RATE_OVERRIDE", b"  ").contains("set but blank, expected lines per second"));
}

#[test]
fn a_backslash_and_an_n_where_a_line_should_end_is_named() {
    let expected = "LOG_GENERATOR_CONFIG_YAML: found \\n, a backslash and an \"n\", where a line";
    for value in [
        r"output:\n  rate: 10\n",
        r"output:\n  directory: /x",
        r#""output:\n  rate: 10""#,
        "output:\\r\\n  rate: 10\\r\\n\n",
    ] {
        let message = refused(YAML, value.as_bytes());
        assert!(message.starts_with(expected), "{message}");
    }
    let encoded = base64::engine::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        r"output:\n  rate: 10\n",
    );
    let message = refused(B64, encoded.as_bytes());
    assert!(message.contains("a backslash and an \"n\", where a line"), "{message}");
    for right in [r#"search_terms: ["a\nb"]"#, r"{search_terms: ['\n']}", "site: {host: x}\n"] {
        let variables = [(YAML, right.as_bytes())];
        load_from(Path::new(""), &Arguments::default(), &variables).unwrap();
    }
}

#[test]
fn the_older_versions_variables_mean_what_they_meant() {
    let load = |yaml: &'static str, variables: &[(&'static str, &'static str)]| {
        let mut all: Vec<(&str, &[u8])> = vec![(YAML, yaml.as_bytes())];
        all.extend(variables.iter().map(|(name, value)| (*name, value.as_bytes())));
        load_from(Path::new(""), &Arguments::default(), &all).unwrap()
    };
    let on = load(
        "output: {rate: 3}",
        &[
            ("RATE_PER_SECOND", "40"),
            ("PRE_WARM", "True"),
            ("DEBUG", "1"),
            ("NO_ERROR_LOG", "YES"),
            ("NO_SYSTEM_LOG", "true"),
        ],
    );
    let output = &on.config.output;
    assert_eq!((output.rate, output.debug), (40.0, true));
    assert_eq!(output.pre_warm, Duration::from_secs(86_400));
    assert_eq!((output.error_log, output.system_log), (false, false));
    assert!(on.overridden.contains(&"output.rate is 40, from RATE_PER_SECOND".to_owned()));
    assert!(on.overridden.contains(&"output.error_log is false, from NO_ERROR_LOG".to_owned()));
    let off = load(
        "output: {pre_warm: true, debug: true, no_error_log: true}",
        &[("PRE_WARM", "0"), ("DEBUG", "no"), ("NO_ERROR_LOG", "false")],
    );
    let output = &off.config.output;
    assert_eq!((output.pre_warm, output.debug, output.error_log), (Duration::ZERO, false, true));
    let both = load("{}", &[("RATE_PER_SECOND", "40"), ("RATE_OVERRIDE", "50")]);
    assert_eq!(both.config.output.rate, 50.0);
    let span = load("output: {pre_warm: 7d}", &[("PRE_WARM", "true")]);
    assert_eq!(span.config.output.pre_warm, Duration::from_secs(7 * 86_400));
}

#[test]
fn a_variable_of_another_program_that_is_no_switch_is_passed_over_with_a_warning() {
    let variables: [(&str, &[u8]); 2] = [(YAML, b"output: {debug: true}"), ("DEBUG", b"express:*")];
    let loaded = load_from(Path::new(""), &Arguments::default(), &variables).unwrap();
    assert!(loaded.config.output.debug);
    assert_eq!(
        loaded.warnings[0].to_string(),
        "DEBUG: found \"express:*\", which is passed over, expected true, 1 or yes, or false, 0 or no"
    );
    let wrong = refused("RATE_PER_SECOND", b"fast");
    assert!(wrong.starts_with("RATE_PER_SECOND: found \"fast\", expected"), "{wrong}");
}

#[test]
fn an_empty_name_on_the_command_line_is_an_error() {
    let arguments = Arguments { config: Some("".into()), ..Arguments::default() };
    let errors = load_from(Path::new(""), &arguments, &[]).unwrap_err().to_string();
    assert!(errors.starts_with("CONFIG: found an empty name"), "{errors}");
    let arguments = Arguments { log_dir_override: Some("".into()), ..Arguments::default() };
    let errors = load_from(Path::new(""), &arguments, &[]).unwrap_err().to_string();
    assert!(errors.starts_with("--log-dir-override: found an empty name"), "{errors}");
}

#[test]
fn bad_base64_is_refused_with_its_place() {
    assert_eq!(
        refused(B64, b"b3V0\ncHV!0"),
        "LOG_GENERATOR_CONFIG_YAML_B64: found '!' at offset 8, which is not base64, expected the \
         output of `base64 FILE`"
    );
    assert!(refused(B64, b"b3V0c").contains("cut off or damaged at its end"));
    assert!(refused(B64, b"output: {rate: 1}").contains("found ':' at offset 6"));
}

#[test]
fn text_that_is_not_utf_8_is_refused_with_the_offset_of_the_byte() {
    let expected = "found the byte 0xFF at offset 3 (line 2), which is not UTF-8";
    assert!(refused(YAML, b"a:\n\xff").contains(expected));
    assert!(refused(B64, b"YToK/w==").contains(expected));
    let directory = tempfile::tempdir().unwrap();
    assert!(refused_file(&write(&directory, "x.yaml", b"a:\n\xff")).contains(expected));
}

#[test]
fn errors_in_a_variable_name_the_variable_and_the_line() {
    assert!(refused(YAML, b"output:\n  rate: -1").starts_with(
        "LOG_GENERATOR_CONFIG_YAML:2:9: output.rate: found -1, expected a number, 0.00000001 to"
    ));
    assert!(refused(B64, b"b3V0cHV0OgogIHJhdGU6IC0xCg==").starts_with(
        "LOG_GENERATOR_CONFIG_YAML_B64:2:9: output.rate: found -1, expected a number, 0.00000001 to"
    ));
}

#[test]
fn a_directory_is_no_configuration() {
    let directory = tempfile::tempdir().unwrap();
    let message = refused_file(directory.path());
    assert_eq!(message, ": is a directory, expected a file of YAML");
}

#[test]
fn a_file_is_read_up_to_the_limit_and_no_further() {
    const TOO_LARGE: &str = ": is larger than 4 MiB, expected a configuration (a few KiB)";
    let directory = tempfile::tempdir().unwrap();
    let path = write(&directory, "huge.yaml", b"output:\n");
    fs::File::options().write(true).open(&path).unwrap().set_len(100 << 20).unwrap();
    assert_eq!(refused_file(&path), TOO_LARGE);
    assert_eq!(refused_file(Path::new("/dev/zero")), TOO_LARGE);
    // One byte more than the limit is too much, the limit is not.
    let mut bytes = vec![b'#'; 4 << 20];
    assert!(refused_file(&write(&directory, "full.yaml", &bytes)).contains("is empty"));
    bytes.push(b'#');
    assert_eq!(refused_file(&write(&directory, "over.yaml", &bytes)), TOO_LARGE);
}

#[test]
fn text_that_would_cost_the_parser_dearly_is_refused_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let large = |text: &str| {
        let bytes = text.repeat((4 << 20) / text.len());
        refused_file(&write(&directory, "large.yaml", bytes.as_bytes()))
    };
    assert!(large("[").contains("nested more than 16 deep"));
    assert!(large("{a: ").contains("nested more than 16 deep"));
    assert!(large("- ").contains("nested more than 16 deep"));
    assert!(large("? ").contains("found a map as a key"));
    assert!(large("- x\n").contains("more than 200,000 values"));
}

#[test]
fn a_scenario_that_is_named_twice_or_has_a_name_that_is_taken_is_refused_by_its_name() {
    let directory = tempfile::tempdir().unwrap();
    let sale = "scenario:\n- {kind: surge, name: sale, at: +1h, for: 1h, multiplier: 2}\n";
    write(&directory, "sale.yaml", sale.as_bytes());
    let refused = |scenarios: &[&str], own: &str| {
        let scenarios = scenarios.iter().map(|name| (*name).to_owned()).collect();
        let arguments = Arguments { scenarios, ..Arguments::default() };
        let yaml = format!("profile: shop\n{own}");
        let loaded = load_from(directory.path(), &arguments, &[(YAML, yaml.as_bytes())]);
        loaded.map(|_| ()).map_err(|errors| errors.findings[0].to_string())
    };
    let error = refused(&["ddos", "scraper", "ddos"], "").unwrap_err();
    assert_eq!(error, "--scenario ddos: found twice, expected each scenario once");
    let error = refused(&["sale.yaml", "./sale.yaml"], "").unwrap_err();
    let expected = "--scenario ./sale.yaml: found the event \"sale\", a name that sale.yaml has, too; expected one name for \
                    each event";
    assert_eq!(error, expected);
    let error = refused(&["sale.yaml"], sale).unwrap_err();
    assert!(error.contains("found the event \"sale\", a name that the configuration has, too"));
    assert_eq!(refused(&["ddos", "sale.yaml"], ""), Ok(()));
}
