use kernel::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Email, Frame};

/// The content of a message for any channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The subject, in one line.
    pub subject: String,
    /// The first line of the text, which writes it in capitals; absent if it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<String>,
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// The full URL of the page it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The one-click unsubscribe URL for this kind of message (RFC 8058).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsubscribe: Option<String>,
    /// True if a device should be woken for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_urgent: bool,
    /// When it is of no use any more: it is not sent from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// The name of the flag of the feature it is about: it is not sent once that is off for everyone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flag: Option<String>,
}

impl Content {
    /// Creates a line with a link, for channels that carry only that.
    #[must_use]
    pub fn line(subject: &str, link: String) -> Self {
        Self {
            subject: subject.to_owned(),
            heading: None,
            text: format!("{subject}\n{link}\n"),
            html: None,
            link: Some(link),
            unsubscribe: None,
            is_urgent: false,
            expires_at: None,
            flag: None,
        }
    }

    /// Returns the headers of the email, which mark it as generated and contain the one-click unsubscribe URL.
    pub(super) fn mail_headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = vec![("Auto-Submitted", "auto-generated".to_owned())];
        if let Some(address) = &self.unsubscribe {
            let one_click = "List-Unsubscribe=One-Click".to_owned();
            headers.push(("List-Unsubscribe", format!("<{address}>")));
            headers.push(("List-Unsubscribe-Post", one_click));
        }
        headers
    }
}

/// An email, defined by the module that sends it. [`write`] writes its text and its HTML from what it says.
pub trait EmailTemplate: Send + Sync {
    /// Returns what the email says.
    fn email(&self, frame: Frame<'_>) -> Email;
}

/// A sample email, for previews and tests.
pub struct Sample {
    /// Its name in URLs, such as `verify-email`.
    pub name: &'static str,
    pub template: Box<dyn EmailTemplate>,
    /// True when people can unsubscribe from emails of this kind.
    pub is_optional: bool,
}

impl Sample {
    pub fn new(name: &'static str, template: impl EmailTemplate + 'static) -> Self {
        Self { name, template: Box::new(template), is_optional: false }
    }

    /// Marks an email that people can unsubscribe from.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.is_optional = true;
        self
    }
}

/// An error in the template of an email.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The HTML failed.
    #[error(transparent)]
    Template(#[from] askama::Error),
    #[error("an email has no subject")]
    NoSubject,
}

/// Writes an email. Its subject becomes one line.
///
/// # Errors
/// When the HTML fails, or it has no subject.
pub fn write(template: &dyn EmailTemplate, frame: Frame<'_>) -> Result<Content, TemplateError> {
    let mut email = template.email(frame);
    email.subject = email.subject.split_whitespace().collect::<Vec<_>>().join(" ");
    if email.subject.is_empty() {
        return Err(TemplateError::NoSubject);
    }
    Ok(Content {
        text: email.text(frame),
        html: Some(email.html(frame)?),
        subject: email.subject,
        heading: Some(email.heading),
        link: None,
        unsubscribe: frame.unsubscribe.map(str::to_owned),
        is_urgent: false,
        expires_at: None,
        flag: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Said(&'static str);

    impl EmailTemplate for Said {
        fn email(&self, _: Frame<'_>) -> Email {
            Email::new(self.0)
        }
    }

    #[test]
    fn a_subject_is_one_line() {
        let frame = Frame { site: "https://guild.example", community: "Guild", unsubscribe: None };
        let content = write(&Said(" Two\n lines\r\n"), frame).expect("written");
        assert_eq!(content.subject, "Two lines");
        assert!(matches!(write(&Said(" \n"), frame), Err(TemplateError::NoSubject)));
    }
}
