//! The examples in the package.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

/// The number of payloads of github.com in the pinned package.
const EXPECTED: usize = 329;

/// An example.
pub(super) struct Payload {
    /// The event's name.
    pub(super) event: String,
    /// The parsed JSON.
    pub(super) json: Value,
    raw: Box<RawValue>,
}

#[derive(Deserialize)]
struct Group {
    name: String,
    examples: Vec<Box<RawValue>>,
}

impl Payload {
    /// Returns the bytes as in the package.
    pub(super) fn bytes(&self) -> &[u8] {
        self.raw.get().as_bytes()
    }

    /// Returns GitHub's ID and name of the repository, if the payload has one.
    pub(super) fn repository(&self) -> Option<(i64, &str)> {
        let repository = self.json.get("repository")?;
        Some((repository.get("id")?.as_i64()?, repository.get("full_name")?.as_str()?))
    }

    #[cfg(test)]
    pub(super) fn of(event: &str, json: &Value) -> Self {
        let raw = serde_json::value::to_raw_value(json).expect("JSON is JSON");
        Self { event: event.to_owned(), json: json.clone(), raw }
    }
}

/// Reads the payloads of github.com.
pub(super) fn read(package: &Path) -> Result<Vec<Payload>> {
    let path = package.join("api.github.com/index.json");
    let text = fs::read_to_string(&path)
        .with_context(|| format!("{} could not be read", path.display()))?;
    let groups: Vec<Group> = serde_json::from_str(&text)
        .context("the examples' index has another form than expected")?;
    let mut payloads = Vec::new();
    for group in groups {
        for raw in group.examples {
            let json = serde_json::from_str(raw.get())?;
            payloads.push(Payload { event: group.name.clone(), json, raw });
        }
    }
    ensure!(payloads.len() == EXPECTED, "{} examples instead of {EXPECTED}", payloads.len());
    Ok(payloads)
}
