use kernel::Timestamp;
use serde::{Deserialize, Serialize};

/// The content of a message for any channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The subject, in one line.
    pub subject: String,
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
            text: format!("{subject}\n{link}\n"),
            html: None,
            link: Some(link),
            unsubscribe: None,
            is_urgent: false,
            expires_at: None,
            flag: None,
        }
    }

    /// Returns the headers of the e-mail, which mark it as generated and contain the one-click unsubscribe URL.
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

/// The frame around every e-mail.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The URL of this server, without a trailing slash.
    pub site: &'a str,
    /// The name of the community that runs this server.
    pub community: &'a str,
    /// The one-click unsubscribe URL for this kind of e-mail.
    pub unsubscribe: Option<&'a str>,
}

/// An e-mail, defined by the module that sends it. [`crate::email_template!`] implements it for a type with two
/// templates that extend `mail.txt` and `mail.html`.
pub trait EmailTemplate: Send + Sync {
    /// Renders the text. The first line is `Subject: ` and the subject, and the second is empty.
    ///
    /// # Errors
    /// When the template fails.
    fn text(&self, frame: Frame<'_>) -> Result<String, askama::Error>;

    /// Renders the HTML.
    ///
    /// # Errors
    /// When the template fails.
    fn html(&self, frame: Frame<'_>) -> Result<String, askama::Error>;
}

/// A sample e-mail, for previews and tests.
pub struct Sample {
    /// Its name in URLs, such as `verify-email`.
    pub name: &'static str,
    pub template: Box<dyn EmailTemplate>,
    /// True when people can unsubscribe from e-mails of this kind.
    pub is_optional: bool,
}

impl Sample {
    pub fn new(name: &'static str, template: impl EmailTemplate + 'static) -> Self {
        Self { name, template: Box::new(template), is_optional: false }
    }

    /// Marks an e-mail that people can unsubscribe from.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.is_optional = true;
        self
    }
}

/// An error in the template of an e-mail.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The template failed.
    #[error(transparent)]
    Template(#[from] askama::Error),
    /// The text does not begin with a subject.
    #[error("the e-mail's text must begin with a line 'Subject: …' and an empty line")]
    NoSubject,
}

/// Renders an e-mail.
///
/// # Errors
/// When a template fails or has no subject.
pub fn write(template: &dyn EmailTemplate, frame: Frame<'_>) -> Result<Content, TemplateError> {
    let text = template.text(frame)?;
    let (subject, text) = text
        .strip_prefix("Subject: ")
        .and_then(|rest| rest.split_once("\n\n"))
        .filter(|(subject, _)| !subject.trim().is_empty() && !subject.contains('\n'))
        .ok_or(TemplateError::NoSubject)?;
    Ok(Content {
        subject: subject.trim().to_owned(),
        text: format!("{}\n", text.trim()),
        html: Some(template.html(frame)?),
        link: None,
        unsubscribe: frame.unsubscribe.map(str::to_owned),
        is_urgent: false,
        expires_at: None,
        flag: None,
    })
}

/// Implements [`EmailTemplate`](crate::outbox::EmailTemplate) for a type with two templates, which access it as
/// `it` and its frame as `frame`.
#[macro_export]
macro_rules! email_template {
    ($name:ident, $text:tt, $html:tt) => {
        impl $crate::outbox::EmailTemplate for $name {
            fn text(&self, frame: $crate::outbox::Frame<'_>) -> Result<String, askama::Error> {
                #[derive(askama::Template)]
                #[template(path = $text)]
                struct View<'a> {
                    it: &'a $name,
                    frame: $crate::outbox::Frame<'a>,
                }
                askama::Template::render(&View { it: self, frame })
            }

            fn html(&self, frame: $crate::outbox::Frame<'_>) -> Result<String, askama::Error> {
                #[derive(askama::Template)]
                #[template(path = $html)]
                struct View<'a> {
                    it: &'a $name,
                    frame: $crate::outbox::Frame<'a>,
                }
                askama::Template::render(&View { it: self, frame })
            }
        }
    };
}
