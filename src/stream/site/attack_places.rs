//! Where attackers find what they want: the log-in, the account, the search and the checkout of a site of pages, or the calls of an API
//! that do the same.

use super::fate::Outcome;
use crate::config::links::{CHECKOUT, LOGIN, PROFILE, THANK_YOU};
use crate::config::{Config, Profile};

/// The places of a site. Attackers try them whether a page leads there or not.
#[derive(Debug)]
pub struct AttackPlaces {
    /// Where a password is sent to.
    pub log_in: &'static str,
    /// Whether there are forms to look at before they are sent.
    pub has_forms: bool,
    /// What a wrong password is answered with: the form again, or 401.
    pub wrong_password: Outcome,
    /// What a card that is declined is answered with: the form again, or what is wrong with it.
    pub declined: Outcome,
    /// What a form that has worked is answered with: another page, or what was asked for.
    pub done: Outcome,
    /// The account.
    pub account: &'static str,
    /// What is read and changed in an account.
    pub security: &'static str,
    /// How its user pays.
    pub payment: &'static str,
    /// What the number of a user or an order stands behind.
    pub numbered: &'static str,
    /// What a term stands behind.
    pub search: &'static str,
    /// A list that takes parameters.
    pub list: &'static str,
    /// Where something is put into the cart.
    pub cart: &'static str,
    /// What is looked at before one pays.
    pub before_payment: &'static str,
    /// Where an order is sent to.
    pub order: &'static str,
    /// What follows an order.
    pub ordered: &'static str,
}

const OF_PAGES: AttackPlaces = AttackPlaces {
    log_in: LOGIN,
    has_forms: true,
    wrong_password: Outcome::Success,
    declined: Outcome::Success,
    done: Outcome::RedirectTemporary,
    account: PROFILE,
    security: "/profile?tab=security",
    payment: "/profile?tab=payment",
    numbered: "/profile?id=",
    search: "/search",
    list: "/products",
    cart: "/cart/add",
    before_payment: CHECKOUT,
    order: CHECKOUT,
    ordered: THANK_YOU,
};

const OF_API: AttackPlaces = AttackPlaces {
    log_in: "/v1/auth/token",
    has_forms: false,
    wrong_password: Outcome::Unauthorized,
    declined: Outcome::BadRequest,
    done: Outcome::Success,
    account: "/v1/me",
    security: "/v1/me/security",
    payment: "/v1/me/payment",
    numbered: "/v1/orders/",
    search: "/v1/search",
    list: "/v1/items",
    cart: "/v1/cart/items",
    before_payment: "/v1/cart",
    order: "/v1/orders",
    ordered: "/v1/me/orders?limit=10",
};

impl AttackPlaces {
    /// The places of the site of a configuration.
    pub fn of(config: &Config) -> &'static Self {
        if config.profile == Some(Profile::Api) { &OF_API } else { &OF_PAGES }
    }
}
