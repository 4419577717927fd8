//! A lenient typed parse: unknown and missing fields are ignored.

use std::borrow::Cow;

use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Event<'a> {
    #[serde(borrow, default)]
    pub(crate) action: Option<Cow<'a, str>>,
    #[serde(default)]
    pub(crate) repository: Option<Repository<'a>>,
    #[serde(borrow, default, rename = "pull_request")]
    _pull_request: Option<PullRequest<'a>>,
}

#[derive(Deserialize)]
pub(crate) struct Repository<'a> {
    pub(crate) id: i64,
    #[serde(borrow, default, rename = "full_name")]
    _full_name: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Person<'a> {
    #[serde(rename = "id")]
    _id: i64,
    #[serde(borrow, rename = "login")]
    _login: Cow<'a, str>,
}

/// The fields that settlement needs.
#[derive(Deserialize)]
struct PullRequest<'a> {
    #[serde(rename = "id")]
    _id: i64,
    #[serde(rename = "number")]
    _number: i64,
    #[serde(borrow, rename = "state")]
    _state: Cow<'a, str>,
    #[serde(borrow, default, rename = "title")]
    _title: Option<Cow<'a, str>>,
    #[serde(borrow, default, rename = "user")]
    _user: Option<Person<'a>>,
    #[serde(default, rename = "draft")]
    _draft: Option<bool>,
    #[serde(borrow, default, rename = "created_at")]
    _created_at: Option<Cow<'a, str>>,
    #[serde(borrow, default, rename = "updated_at")]
    _updated_at: Option<Cow<'a, str>>,
    #[serde(borrow, default, rename = "closed_at")]
    _closed_at: Option<Cow<'a, str>>,
    #[serde(borrow, default, rename = "merged_at")]
    _merged_at: Option<Cow<'a, str>>,
    #[serde(borrow, default, rename = "merged_by")]
    _merged_by: Option<Person<'a>>,
    #[serde(default, rename = "additions")]
    _additions: Option<i64>,
    #[serde(default, rename = "deletions")]
    _deletions: Option<i64>,
    #[serde(default, rename = "changed_files")]
    _changed_files: Option<i64>,
}
