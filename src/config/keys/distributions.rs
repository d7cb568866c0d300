//! How a distribution is written: `7`, `{from: 2, to: 10}`, `{p50: 2, p90: 7, p99.5: 40}`, or a named law such as
//! `{law: lognormal, median: 3, sigma: 1.2}`.

use crate::config::Distribution;
use crate::config::tree::Node;

/// The names of the laws, and the parameters that each has.
pub const LAWS: [(&str, &[&str]); 3] = [
    ("lognormal", &["median", "sigma"]),
    ("exponential", &["mean"]),
    ("pareto", &["least", "alpha"]),
];

/// What a message says of a distribution.
pub const DISTRIBUTION: &str = "a number, {from: 2, to: 10}, percentiles such as {p50: 2, p90: 7, p99.5: 40}, or a law: \
                                {law: lognormal, median: 3, sigma: 1.2}, {law: exponential, mean: 5} or \
                                {law: pareto, least: 1, alpha: 1.5}";

/// A distribution, as it would be written.
pub(super) fn print(distribution: &Distribution) -> Node {
    let law = |number: usize, values: &[f64]| {
        let (name, parameters) = LAWS[number];
        let parameters =
            parameters.iter().zip(values).map(|(key, value)| (*key, Node::number(*value)));
        Node::map([("law", Node::text(name))].into_iter().chain(parameters).collect::<Vec<_>>())
    };
    match distribution {
        Distribution::Constant(value) => Node::number(*value),
        Distribution::Range(from, to) => {
            Node::map([("from", Node::number(*from)), ("to", Node::number(*to))])
        }
        Distribution::Percentiles(points) => {
            let points = points.iter().map(|(at, value)| (format!("p{at}"), Node::number(*value)));
            Node::map(points.collect::<Vec<_>>())
        }
        Distribution::LogNormal { median, sigma } => law(0, &[*median, *sigma]),
        Distribution::Exponential { mean } => law(1, &[*mean]),
        Distribution::Pareto { least, alpha } => law(2, &[*least, *alpha]),
    }
}
