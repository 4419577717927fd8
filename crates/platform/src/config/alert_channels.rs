//! The channels that alerts go by.

use crate::{
    alerts::Severity,
    outbox::{EMAIL, SLACK, SMS},
};

/// The most names, of severities and kinds.
const MOST: usize = 100;

/// Channels by severity, and by kind of alert where they differ from those of its severity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertChannels(Vec<(String, Vec<&'static str>)>);

impl AlertChannels {
    /// Parses `critical=slack+email+sms, high=slack+email, medium=email, response_time=slack`. Each severity must be there; `none` in
    /// place of channels means that such alerts are only listed.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let mut all: Vec<(String, Vec<&'static str>)> = Vec::new();
        for part in parts {
            let (name, channels) = part.split_once('=')?;
            let (name, channels) = (name.trim(), channels_of(channels.trim())?);
            let is_name = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
            let is_known = all.iter().any(|(known, _)| known == name);
            if all.len() == MOST || is_known || name.is_empty() || !name.bytes().all(is_name) {
                return None;
            }
            all.push((name.to_owned(), channels));
        }
        let severities = [Severity::Critical, Severity::High, Severity::Medium];
        let all = Self(all);
        severities.iter().all(|severity| all.get(severity.as_str()).is_some()).then_some(all)
    }

    /// Returns the channels of an alert by its kind, or else by its severity.
    #[must_use]
    pub fn of(&self, kind: &str, severity: Severity) -> &[&'static str] {
        self.get(kind).or_else(|| self.get(severity.as_str())).unwrap_or_default()
    }

    /// Returns the kinds of alerts that are named.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        let names = self.0.iter().map(|(name, _)| name.as_str());
        names.filter(|name| !["critical", "high", "medium"].contains(name))
    }

    fn get(&self, name: &str) -> Option<&[&'static str]> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, channels)| channels.as_slice())
    }
}

fn channels_of(text: &str) -> Option<Vec<&'static str>> {
    if text == "none" {
        return Some(Vec::new());
    }
    let known = |name: &str| [SLACK, EMAIL, SMS].into_iter().find(|channel| *channel == name);
    text.split('+').map(|name| known(name.trim())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_has_its_own_channels_or_those_of_its_severity() {
        let text =
            "critical=slack+email+sms, high = slack + email,medium=none, response_time=slack,";
        let all = AlertChannels::read(text).expect("channels");
        for (kind, severity, expected) in [
            ("error_rate", Severity::Critical, &[SLACK, EMAIL, SMS][..]),
            ("error_rate", Severity::High, &[SLACK, EMAIL]),
            ("error_rate", Severity::Medium, &[]),
            ("response_time", Severity::Medium, &[SLACK]),
            ("response_time", Severity::Critical, &[SLACK]),
        ] {
            assert_eq!(all.of(kind, severity), expected, "{kind} {severity:?}");
        }
        assert_eq!(all.kinds().collect::<Vec<_>>(), ["response_time"]);
    }

    #[test]
    fn incomplete_and_unknown_channels_are_refused() {
        for wrong in [
            "",
            "critical=slack, high=slack",
            "critical=slack, high=slack, medium=pager",
            "critical=slack, high=slack, medium=",
            "critical=slack, high=slack, medium=slack+",
            "critical=slack, high=slack, medium=email, medium=slack",
            "critical=slack, high=slack, medium",
            "critical=slack, high=slack, medium=email, Error Rate=slack",
        ] {
            assert_eq!(AlertChannels::read(wrong), None, "{wrong}");
        }
    }
}
