//! What overrides single settings: flags, the environment, and what the host says.

use std::path::Path;

use access_log_generator::inside::cli::Arguments;
use access_log_generator::inside::port::Port;

use crate::sources::{YAML, everything, refused, write};
use crate::support::load_from;

#[test]
fn overrides_come_from_a_flag_then_the_environment_then_the_file() {
    let (directory, mut arguments, _) = everything();
    let variables: [(&str, &[u8]); 2] =
        [("RATE_OVERRIDE", b" 100 "), ("LOG_DIR_OVERRIDE", b"/from/variable")];
    let loaded = load_from(directory.path(), &arguments, &variables).unwrap();
    assert_eq!(loaded.config.output.rate, 100.0);
    assert_eq!(loaded.config.output.directory.as_deref(), Some(Path::new("/from/variable")));
    assert_eq!(
        loaded.overridden,
        [
            "output.directory is /from/variable, from LOG_DIR_OVERRIDE",
            "output.rate is 100, from RATE_OVERRIDE"
        ]
    );

    arguments.rate = Some(0.5);
    arguments.seed = Some(7);
    arguments.verbose = true;
    arguments.log_dir_override = Some("/from/flag".into());
    let output = load_from(directory.path(), &arguments, &variables).unwrap().config.output;
    assert_eq!((output.rate, output.seed, output.debug), (0.5, Some(7), true));
    assert_eq!(output.directory.as_deref(), Some(Path::new("/from/flag")));
}

#[test]
fn the_port_comes_from_a_flag_then_the_environment_then_the_file_and_off_turns_it_off() {
    let port = |arguments: &Arguments, variables: &[(&str, &[u8])]| {
        let loaded = load_from(Path::new("/no/such/directory"), arguments, variables).unwrap();
        (loaded.config.output.health_check.map(|on| on.port), loaded.port_is_given)
    };
    let none = Arguments::default();
    let flag = |port| Arguments { port: Some(port), ..Arguments::default() };
    const VARIABLE: &str = "PORT_OVERRIDE";
    let file: (&str, &[u8]) = (YAML, b"output: {health_check: {port: 1}}");

    assert_eq!(port(&none, &[]), (Some(8080), false), "the built-in default names no port");
    assert_eq!(port(&none, &[(YAML, b"output: {health_check: {}}")]), (Some(8080), false));
    assert_eq!(port(&none, &[(YAML, b"output: {}")]), (None, false));
    assert_eq!(port(&none, &[file]), (Some(1), true));
    assert_eq!(port(&none, &[file, (VARIABLE, b"2")]), (Some(2), true));
    assert_eq!(port(&none, &[file, (VARIABLE, b"off")]), (None, true));
    assert_eq!(port(&none, &[file, (VARIABLE, b"")]), (Some(1), true));
    assert_eq!(port(&none, &[(YAML, b"output: {}"), (VARIABLE, b"2")]), (Some(2), true));
    assert_eq!(port(&flag(Port::Number(3)), &[file, (VARIABLE, b"off")]), (Some(3), true));
    assert_eq!(port(&flag(Port::Off), &[file, (VARIABLE, b"2")]), (None, true));
    assert_eq!(
        refused(VARIABLE, b"tcp://10.0.0.1:80"),
        "PORT_OVERRIDE: found \"tcp://10.0.0.1:80\"; write a port from 0 to 65535 (0 lets the system \
         choose), or off for no endpoints at all"
    );
}

#[test]
fn a_bad_override_is_told_with_all_that_is_wrong_in_the_file() {
    let (directory, mut arguments, _) = everything();
    write(&directory, "argument.yaml", b"output:\n  rate: 1\n  seed: x\n");
    for value in ["fast", "NaN", "inf", "-1", "0", "1e99"] {
        let variables = [("RATE_OVERRIDE", value.as_bytes())];
        let errors = load_from(directory.path(), &arguments, &variables).unwrap_err().to_string();
        let expected = format!(
            "RATE_OVERRIDE: found \"{value}\", expected a number, 0.00000001 to 10,000,000\n\
             argument.yaml:3:9: output.seed: found \"x\", expected a whole number, 0 to \
             18,446,744,073,709,551,615\n2 errors; nothing was started"
        );
        assert_eq!(errors, expected);
    }
    arguments.rate = Some(f64::NAN);
    let errors = load_from(directory.path(), &arguments, &[]).unwrap_err().to_string();
    assert!(errors.starts_with("--rate: found NaN, expected a number, 0.00000001"), "{errors}");
}

#[test]
fn a_rate_that_does_not_fit_the_rest_is_blamed_on_who_said_it() {
    let yaml: (&str, &[u8]) =
        (YAML, b"output:\n  rate: 9000000\nsession: {page_view_interval: 50}");
    let none = Arguments::default();
    let flag = Arguments { rate: Some(8e6), ..Arguments::default() };
    let refused = |arguments: &Arguments, variables: &[(&str, &[u8])]| {
        load_from(Path::new(""), arguments, variables).unwrap_err().to_string()
    };
    for (message, expected) in [
        (
            refused(&none, &[yaml]),
            "LOG_GENERATOR_CONFIG_YAML:2:3: output.rate: found 9,000,000 lines/s;",
        ),
        (
            refused(&none, &[yaml, ("RATE_OVERRIDE", b"7e6")]),
            "RATE_OVERRIDE: found 7,000,000 lines/s;",
        ),
        (refused(&flag, &[yaml, ("RATE_OVERRIDE", b"7e6")]), "--rate: found 8,000,000 lines/s;"),
    ] {
        assert!(message.starts_with(expected), "{message}");
        assert!(message.contains("0,000,000 sessions would be live"), "{message}");
    }
    let quiet: (&str, &[u8]) = (YAML, b"traffic_patterns: [{multiplier: 0.5}]");
    let flag = Arguments { rate: Some(1e-8), ..Arguments::default() };
    let message = refused(&flag, &[quiet]);
    assert!(message.starts_with("--rate: found 0.00000001 lines/s; with a mean"), "{message}");
}

#[test]
fn a_rate_is_shared_out_among_no_more_shards_than_leave_each_a_line_in_three_years() {
    let load = |rate: &str| {
        let variables: [(&str, &[u8]); 3] =
            [("SHARD", b"0/10"), ("RATE_OVERRIDE", rate.as_bytes()), (YAML, b"output: {}")];
        load_from(Path::new(""), &Arguments::default(), &variables)
    };
    load("0.0000001").unwrap();
    let message = load("0.00000009").unwrap_err().to_string();
    assert!(
        message.contains(" and 10 shards that is less than a line in three years"),
        "{message}"
    );
}

#[test]
fn a_list_that_is_too_long_is_named_with_the_limit_that_it_breaks() {
    for count in [10_001, 150_000, 250_000] {
        let yaml = format!("user_agents:\n  desktop:\n{}", "    - Agent/1.0\n".repeat(count));
        let message = refused(YAML, yaml.as_bytes());
        assert!(message.starts_with("LOG_GENERATOR_CONFIG_YAML:3:"), "{message}");
        assert!(message.contains("at most 10,000 entries"), "{message}");
        assert!(!message.contains("alias"), "{message}");
    }
}

#[test]
fn a_tilde_at_the_start_of_the_directory_is_a_warning_that_names_who_said_it() {
    let file: (&str, &[u8]) = (YAML, b"output:\n  directory: ~/logs");
    let warnings = |arguments: &Arguments, variables: &[(&str, &[u8])]| {
        let loaded = load_from(Path::new(""), arguments, variables).unwrap();
        loaded.warnings.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let none = Arguments::default();
    let flag = |path: &str| Arguments { log_dir_override: Some(path.into()), ..none.clone() };
    let literally = |from: &str, path: &str| {
        vec![format!(
            "{from}: found \"{path}\", whose ~ is taken literally, as a name in the working directory; \
             for your home directory, write its path out"
        )]
    };
    let in_file = literally("LOG_GENERATOR_CONFIG_YAML:2:14: output.directory", "~/logs");
    assert_eq!(warnings(&none, &[file]), in_file);
    let default: (&str, &[u8]) = ("LOG_DIR_DEFAULT", b"~/of/image");
    assert_eq!(warnings(&none, &[default]), literally("LOG_DIR_DEFAULT", "~/of/image"));
    let variable: (&str, &[u8]) = ("LOG_DIR_OVERRIDE", b"~ann/logs");
    assert_eq!(warnings(&none, &[file, variable]), literally("LOG_DIR_OVERRIDE", "~ann/logs"));
    assert_eq!(warnings(&flag("~"), &[file, variable]), literally("--log-dir-override", "~"));
    assert_eq!(warnings(&flag("/logs"), &[file, variable]), [""; 0]);
    assert_eq!(warnings(&none, &[("LOG_DIR_OVERRIDE", b"/home/~ann")]), [""; 0]);
}

#[test]
fn a_local_zone_is_resolved_to_its_name_and_that_is_said_and_printed() {
    let load = |tz: &[u8]| {
        let yaml: (&str, &[u8]) = (YAML, b"output:\n  timezone: local");
        load_from(Path::new(""), &Arguments::default(), &[yaml, ("TZ", tz)])
    };
    let loaded = load(b"Asia/Kathmandu").unwrap();
    assert_eq!(loaded.overridden, ["output.timezone local is Asia/Kathmandu, from TZ"]);
    let printed = access_log_generator::inside::config::print::to_yaml(&loaded.config);
    assert!(printed.contains("timezone: Asia/Kathmandu"), "{printed}");
    let message = load(b"CET-1CEST").unwrap_err().to_string();
    assert!(
        message.starts_with(
            "LOG_GENERATOR_CONFIG_YAML:2:13: output.timezone: found local, and by TZ that is \"CET-1CEST\""
        ),
        "{message}"
    );
    // Without a configuration that asks for it, TZ changes nothing.
    let variables: [(&str, &[u8]); 2] = [(YAML, b"output: {}"), ("TZ", b"Asia/Tokyo")];
    let config = load_from(Path::new(""), &Arguments::default(), &variables).unwrap().config;
    assert_eq!(config.output.timezone.iana_name(), Some("UTC"));
}
