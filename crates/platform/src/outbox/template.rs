use serde::{Deserialize, Serialize};

/// Content of a message, for every channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// One line.
    pub subject: String,
    /// All of it, as text.
    pub text: String,
    /// All of it, as HTML.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// The page of this server that it is about, whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// One-click unsubscribe address for this kind of message (RFC 8058).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsubscribe: Option<String>,
    /// True when a sleeping device is to be woken for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_urgent: bool,
}

impl Content {
    /// A line about a page of this server, for channels that carry only that.
    #[must_use]
    pub fn line(subject: &str, link: String) -> Self {
        Self {
            subject: subject.to_owned(),
            text: format!("{subject}\n{link}\n"),
            html: None,
            link: Some(link),
            unsubscribe: None,
            is_urgent: false,
        }
    }

    /// Headers of the e-mail: that a program writes, and the one-click unsubscribe address.
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

/// Frame around every e-mail.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// Address of this server, without a slash at the end.
    pub site: &'a str,
    /// One-click unsubscribe address for this kind of e-mail.
    pub unsubscribe: Option<&'a str>,
}

/// Words to a person, owned by the module that sends them. [`crate::template!`] makes one of a type and two
/// templates that extend `mail.txt` and `mail.html`.
pub trait EmailTemplate: Send + Sync {
    /// As text; the first line is `Subject: ` and what follows, the second is empty.
    ///
    /// # Errors
    /// When the template fails.
    fn text(&self, frame: Frame<'_>) -> Result<String, askama::Error>;

    /// As HTML.
    ///
    /// # Errors
    /// When the template fails.
    fn html(&self, frame: Frame<'_>) -> Result<String, askama::Error>;
}

/// A sample e-mail, for previews and tests.
pub struct Sample {
    /// Its name in addresses: `verify-email`.
    pub name: &'static str,
    /// The e-mail.
    pub template: Box<dyn EmailTemplate>,
}

impl Sample {
    /// Names a sample.
    pub fn new(name: &'static str, template: impl EmailTemplate + 'static) -> Self {
        Self {
            name,
            template: Box::new(template),
        }
    }
}

/// An e-mail cannot be written: a fault of its template.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The template failed.
    #[error(transparent)]
    Template(#[from] askama::Error),
    /// The text does not begin with its subject.
    #[error("the e-mail's text must begin with a line 'Subject: …' and an empty line")]
    NoSubject,
}

/// Writes an e-mail.
///
/// # Errors
/// When a template fails or gives no subject.
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
    })
}

/// Makes a type a [`EmailTemplate`] by two templates, which call it `it` and its frame `frame`.
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
