//! `assets`: what the pages of a site with a profile load, how much of it there is and how large it is. Without a profile, none of it
//! has a meaning. A number of files is a whole one, a draw is rounded down. What is said of the site is drawn once, and what is said of
//! a page once for each.

use super::distribution::Distribution;

/// `assets`
#[derive(Clone, Debug, PartialEq)]
pub struct AssetSettings {
    /// Stylesheets that all pages of the site share; at least 1.
    pub stylesheets: Distribution,
    /// Scripts that they share.
    pub scripts: Distribution,
    /// Fonts that they share.
    pub fonts: Distribution,
    /// Small pictures of products or articles on the front page.
    pub front_small: Distribution,
    /// Large pictures on the front page.
    pub front_large: Distribution,
    /// Small pictures of products on each list of them.
    pub list_small: Distribution,
    /// Small pictures of others beside a product.
    pub product_small: Distribution,
    /// Large pictures of a product.
    pub product_large: Distribution,
    /// Small pictures of others beside an article.
    pub article_small: Distribution,
    /// Large pictures of an article.
    pub article_large: Distribution,
    /// Large pictures of any other page.
    pub other_large: Distribution,
    /// The share of the articles with a film.
    pub films: f64,
    /// The share of the pages of products and the cart whose script calls the API.
    pub calls: f64,
    /// The share of the pages whose script sends a report.
    pub reports: f64,
    /// Bytes of the first stylesheet, compressed; further ones are smaller.
    pub stylesheet_size: Distribution,
    /// Bytes of the first script, compressed; further ones are smaller.
    pub script_size: Distribution,
    /// Bytes of a font.
    pub font_size: Distribution,
    /// Bytes of a large picture.
    pub picture_size: Distribution,
    /// Bytes of a film.
    pub film_size: Distribution,
    /// Bytes of the file that visitors fetch in parts.
    pub download_size: Distribution,
}
