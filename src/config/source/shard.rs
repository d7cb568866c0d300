//! Which shard of the site this process writes: `--shard`, else `SHARD`, else the number that a
//! scheduler gives it, with `SHARD_COUNT`. No part of the configuration, which is the same for all.

use super::command_line::CommandLine;
use super::origin::not_blank;
use super::variables::Variables;
use crate::config::Config;
use crate::config::check::too_rare;
use crate::config::network::has_any;
use crate::config::report::Finding;
use crate::config::tree::quoted;
use crate::shard::{FORM, MOST, Shard};

const SHARD: &str = "SHARD";
const COUNT: &str = "SHARD_COUNT";
/// Where a scheduler writes the number of a process: behind our own, Kubernetes in Indexed Jobs and
/// Bacalhau in jobs of several executions.
const INDEXES: [&str; 3] = ["SHARD_INDEX", "JOB_COMPLETION_INDEX", "BACALHAU_PARTITION_INDEX"];
const HOST_NAME: &str = "the host name";

/// The shard, and where that was said, if it was said; an error tells what is wrong with what was said.
pub fn find(
    command_line: &CommandLine,
    variables: Variables<'_>,
    host_name: &str,
) -> Result<Option<(Shard, String)>, Finding> {
    if let Some(shard) = command_line.shard {
        return Ok(Some((shard, "--shard".to_owned())));
    }
    if let Some(value) = variables(SHARD) {
        not_blank(SHARD, &value, "a shard, such as 0/8")?;
        let text = value.to_string_lossy();
        let shard = Shard::parse(&text)
            .ok_or_else(|| Finding::of_source(SHARD, format!("found {}; {FORM}", quoted(&text))))?;
        return Ok(Some((shard, SHARD.to_owned())));
    }
    let Some(count) = whole(variables, COUNT)? else { return Ok(None) };
    if !(1..=MOST).contains(&count) {
        let message = format!("found {count}, expected the number of shards, 1 to {MOST}");
        return Err(Finding::of_source(COUNT, message));
    }
    let (index, from) = index(variables, host_name)?;
    let shard = Shard::new(index, count).ok_or_else(|| {
        let message = format!(
            "found {index} with {COUNT}={count}, expected a number from 0 to {}",
            count - 1
        );
        Finding::of_source(&from, message)
    })?;
    Ok(Some((shard, format!("{COUNT} and {from}"))))
}

/// What keeps a configuration from being shared out.
pub fn check(shard: Shard, config: &Config) -> Vec<Finding> {
    let Shard { index, count } = shard;
    let mut findings = Vec::new();
    if !has_any(&config.ip_ranges.entries, shard) {
        let message = format!(
            "found too few addresses for {count} shards, and none for shard {index}: expected at \
             least {count} in a row, for no two shards have the same visitors"
        );
        findings.push(Finding::of_source("ip_ranges", message));
    }
    if shard.is_part()
        && let Some(message) = too_rare(config, shard)
    {
        findings.push(Finding::of_source("output.rate", message));
    }
    findings
}

/// The number of this process, and where it was found.
fn index(variables: Variables<'_>, host_name: &str) -> Result<(u32, String), Finding> {
    for name in INDEXES {
        if let Some(index) = whole(variables, name)? {
            return Ok((index, name.to_owned()));
        }
    }
    match ordinal(host_name) {
        Some(index) => Ok((index, format!("{HOST_NAME}, {host_name}"))),
        None => Err(Finding::of_source(
            COUNT,
            format!(
                "found no number of this shard: expected it in {}, or at the end of the host name, \
                 such as web-3, and that is {}",
                INDEXES.join(", "),
                quoted(host_name)
            ),
        )),
    }
}

/// The number that a StatefulSet puts behind the name of a pod: 3 of `web-3` and of `web-3.web.svc`.
fn ordinal(host_name: &str) -> Option<u32> {
    host_name.split('.').next()?.rsplit_once('-')?.1.parse().ok()
}

fn whole(variables: Variables<'_>, name: &str) -> Result<Option<u32>, Finding> {
    let Some(value) = variables(name) else { return Ok(None) };
    not_blank(name, &value, "a whole number")?;
    let text = value.to_string_lossy();
    match text.trim().parse() {
        Ok(number) => Ok(Some(number)),
        Err(_) => {
            let message = format!("found {}, expected a whole number", quoted(&text));
            Err(Finding::of_source(name, message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(variables: &[(&str, &str)], host_name: &str) -> Result<Option<Shard>, String> {
        let look = |name: &str| {
            variables.iter().find(|variable| variable.0 == name).map(|variable| variable.1.into())
        };
        let found = find(&CommandLine::default(), &look, host_name);
        found.map(|found| found.map(|found| found.0)).map_err(|finding| finding.to_string())
    }

    fn shard(index: u32, count: u32) -> Result<Option<Shard>, String> {
        Ok(Some(Shard { index, count }))
    }

    #[test]
    fn without_a_word_there_is_no_shard_whatever_the_host_is_called() {
        assert_eq!(found(&[], "web-3"), Ok(None));
        assert_eq!(found(&[("JOB_COMPLETION_INDEX", "2")], "web-3"), Ok(None));
    }

    #[test]
    fn the_flag_wins_over_shard_and_shard_over_the_number_of_a_scheduler() {
        let all = [("SHARD", "1/4"), ("SHARD_COUNT", "8"), ("SHARD_INDEX", "5")];
        assert_eq!(found(&all, "web-3"), shard(1, 4));
        let command_line = CommandLine { shard: Shard::new(2, 3), ..CommandLine::default() };
        let (shard, from) = find(&command_line, &|_| Some("0/9".into()), "web-3").unwrap().unwrap();
        assert_eq!((shard, &*from), (Shard { index: 2, count: 3 }, "--shard"));
    }

    #[test]
    fn the_number_comes_from_the_scheduler_or_from_the_end_of_the_host_name() {
        let count = ("SHARD_COUNT", "8");
        let job = ("JOB_COMPLETION_INDEX", "6");
        assert_eq!(found(&[count, job, ("SHARD_INDEX", "5")], "web-3"), shard(5, 8));
        assert_eq!(found(&[count, job], "web-3"), shard(6, 8));
        assert_eq!(found(&[count, ("BACALHAU_PARTITION_INDEX", "4")], "web-3"), shard(4, 8));
        assert_eq!(found(&[count], "web-3"), shard(3, 8));
        assert_eq!(found(&[count], "big-web-7.web.default.svc"), shard(7, 8));
    }

    #[test]
    fn what_is_wrong_is_said_with_what_would_be_right() {
        let cases: [(&[(&str, &str)], &str); 7] = [
            (&[("SHARD", "8/8")], "SHARD: found \"8/8\"; write I/N: the shard I"),
            (&[("SHARD", " ")], "SHARD: set but blank, expected a shard"),
            (&[("SHARD_COUNT", "many")], "SHARD_COUNT: found \"many\", expected a whole number"),
            (&[("SHARD_COUNT", "0")], "SHARD_COUNT: found 0, expected the number of shards"),
            (
                &[("SHARD_COUNT", "8"), ("SHARD_INDEX", "8")],
                "SHARD_INDEX: found 8 with SHARD_COUNT=8, expected a number from 0 to 7",
            ),
            (&[("SHARD_COUNT", "3")], "the host name, web-3: found 3 with SHARD_COUNT=3"),
            (&[("SHARD_COUNT", "3"), ("SHARD_INDEX", "-1")], "SHARD_INDEX: found \"-1\", expected"),
        ];
        for (variables, expected) in cases {
            let error = found(variables, "web-3").unwrap_err();
            assert!(error.starts_with(expected), "{error}");
        }
        let error = found(&[("SHARD_COUNT", "3")], "laptop").unwrap_err();
        assert!(error.ends_with("such as web-3, and that is \"laptop\""), "{error}");
    }
}
