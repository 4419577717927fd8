//! The envelope of an archived event. The payload stays unparsed, because nothing here depends on it and an
//! unexpected type in it must not stop an import.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, de::Error};
use serde_json::value::RawValue;

use super::LineError;

#[derive(Deserialize)]
pub(super) struct Event<'a> {
    pub(super) id: EventId,
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) actor: Account<'a>,
    #[serde(borrow)]
    pub(super) repo: Repo<'a>,
    #[serde(borrow)]
    pub(super) org: Option<Account<'a>>,
    #[serde(borrow)]
    pub(super) payload: &'a RawValue,
    pub(super) created_at: DateTime<Utc>,
}

/// An ID: digits in a string, or a number if a tool rewrote the file.
pub(super) struct EventId(pub(super) String);

#[derive(Deserialize)]
pub(super) struct Account<'a> {
    pub(super) id: i64,
    #[serde(borrow)]
    pub(super) login: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) avatar_url: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
pub(super) struct Repo<'a> {
    pub(super) id: i64,
    /// `owner/name`, which webhooks call the full name.
    #[serde(borrow)]
    pub(super) name: Cow<'a, str>,
}

/// Fields that distinguish events in the format before 2015 from later ones.
#[derive(Deserialize)]
struct OldEvent<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    repo: Option<&'a RawValue>,
    #[serde(borrow, rename = "type")]
    kind: Option<&'a RawValue>,
}

impl<'a> Event<'a> {
    pub(super) fn parse(line: &'a [u8]) -> Result<Self, LineError> {
        serde_json::from_slice(line).map_err(|error| diagnose(line, &error))
    }

    pub(super) fn kind(&self) -> &str {
        &self.kind
    }
}

impl Repo<'_> {
    /// Returns the owner and the name.
    pub(super) fn parts(&self) -> Result<(&str, &str), LineError> {
        self.name
            .split_once('/')
            .filter(|(owner, name)| !owner.is_empty() && !name.is_empty())
            .ok_or_else(|| {
                LineError::NotAnEvent(format!(
                    "repo.name is '{}' but must be OWNER/NAME",
                    self.name
                ))
            })
    }
}

impl<'de> Deserialize<'de> for EventId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Text(String),
            Number(u64),
        }
        match Form::deserialize(deserializer) {
            Ok(Form::Text(text)) if !text.is_empty() => Ok(Self(text)),
            Ok(Form::Number(number)) => Ok(Self(number.to_string())),
            _ => Err(D::Error::custom("id is missing or invalid")),
        }
    }
}

fn diagnose(line: &[u8], error: &serde_json::Error) -> LineError {
    match serde_json::from_slice::<OldEvent<'_>>(line) {
        Ok(OldEvent { id: None, repo: None, kind: Some(_) }) => LineError::OldForm,
        Ok(_) => LineError::NotAnEvent(error.to_string()),
        Err(error) => LineError::NotJson(error.to_string()),
    }
}
