//! Steps of a person on a page: finds links, buttons and fields by their words.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use chrono::{NaiveDate, NaiveDateTime};
use serde_json::{Value, json};

use super::driver::Driver;

/// The whole page.
pub(super) const PAGE: &str = "";
/// How long a person waits for a page to show something.
const PATIENCE: Duration = Duration::from_secs(30);
/// The key that leads to the next part of a field.
const TAB: char = '\u{E004}';
/// The words that only error pages have.
const ERROR_PAGE: &str = "request ID";

/// Returns the part of a page with this heading or label.
pub(super) fn part(name: &str) -> String {
    let heading = format!("h2[normalize-space()=\"{name}\"]");
    let named =
        format!("@aria-label=\"{name}\" or @aria-labelledby=//{heading}/@id or .//{heading}");
    format!("//*[self::section or self::nav or self::form or self::figure][{named}]")
}

/// The account menu in the header.
const MENU: &str = "//details[contains(@class, 'account')]";

/// Returns the row or item of a list that contains these words.
pub(super) fn row(words: &str) -> String {
    format!("//*[self::tr or self::li][contains(normalize-space(), \"{words}\")]")
}

/// Returns the group of fields whose legend contains these words.
pub(super) fn group(words: &str) -> String {
    format!("//fieldset[legend[contains(normalize-space(), \"{words}\")]]")
}

/// Matches elements whose text is `words`, or begins with them if more follows for screen readers, also after a comma or a
/// colon.
fn named(words: &str) -> String {
    let words = words.replace([',', ':'], " ");
    format!(
        "[starts-with(translate(concat(normalize-space(), \" \"), \",:\", \"  \"), \"{words} \")]"
    )
}

/// Returns the field with this label. Hints in the label are not part of it.
fn field(label: &str) -> String {
    field_in(PAGE, label)
}

/// Returns the field with this label in a part of the page.
fn field_in(place: &str, label: &str) -> String {
    let labeled = format!("normalize-space()=\"{label}\" or normalize-space(text())=\"{label}\"");
    format!("{place}//*[@id={place}//label[{labeled}]/@for]")
}

impl Driver {
    /// Opens a page, as from a bookmark.
    pub(super) async fn begin_at(&mut self, port: u16, path: &str) -> Result<()> {
        self.open(&format!("http://127.0.0.1:{port}{path}")).await
    }

    /// Follows a link in a part of the page.
    pub(super) async fn follow_in(&mut self, place: &str, words: &str) -> Result<()> {
        let link = format!("{place}//a[@href]{}", named(words));
        let clicked = self.click_first(&link).await;
        clicked.with_context(|| format!("the link “{words}”"))
    }

    /// Follows a link.
    pub(super) async fn follow(&mut self, words: &str) -> Result<()> {
        self.follow_in(PAGE, words).await
    }

    /// Presses a button in a part of the page.
    pub(super) async fn press_in(&mut self, place: &str, words: &str) -> Result<()> {
        let button = format!("{place}//button{}", named(words));
        let clicked = self.click_first(&button).await;
        clicked.with_context(|| format!("the button “{words}”"))
    }

    /// Presses a button.
    pub(super) async fn press(&mut self, words: &str) -> Result<()> {
        self.press_in(PAGE, words).await
    }

    /// Opens a folded part of a form.
    pub(super) async fn unfold(&mut self, words: &str) -> Result<()> {
        let summary =
            format!("//details[not(@open)]/summary[contains(normalize-space(), \"{words}\")]");
        let clicked = self.click_first(&summary).await;
        clicked.with_context(|| format!("the folded part “{words}”"))
    }

    /// Replaces the text of a field.
    pub(super) async fn fill(&mut self, label: &str, text: &str) -> Result<()> {
        self.fill_in(PAGE, label, text).await
    }

    /// Replaces the text of a field in a part of the page.
    pub(super) async fn fill_in(&mut self, place: &str, label: &str, text: &str) -> Result<()> {
        let field = field_in(place, label);
        let keys = json!({ "text": text });
        for (name, body) in [("clear", json!({})), ("value", keys)] {
            let done = self.ask_element_by(("xpath", &field), "POST", name, &body);
            done.await.with_context(|| format!("the field “{label}”"))?;
        }
        Ok(())
    }

    /// Replaces the day of a field. Browsers take it as people of the browser's language write it.
    pub(super) async fn fill_day(&mut self, label: &str, day: NaiveDate) -> Result<()> {
        self.fill(label, &day.format("%m%d%Y").to_string()).await?;
        self.holds(label, &day.to_string()).await
    }

    /// Replaces the day and the time of a field, to the minute.
    pub(super) async fn fill_time(&mut self, label: &str, at: NaiveDateTime) -> Result<()> {
        let keys = at.format(&format!("%m%d%Y{TAB}%I%M%p")).to_string();
        self.fill(label, &keys).await?;
        self.holds(label, &at.format("%Y-%m-%dT%H:%M").to_string()).await
    }

    /// Checks what a field contains.
    pub(super) async fn holds(&mut self, label: &str, text: &str) -> Result<()> {
        let field = ("xpath", &*field(label));
        let value = self.ask_element_by(field, "GET", "property/value", &Value::Null).await?;
        ensure!(value == text, "“{label}” is {value}, not {text}");
        Ok(())
    }

    /// Chooses an option of a list.
    pub(super) async fn choose(&mut self, label: &str, option: &str) -> Result<()> {
        let path = format!("{}/option[normalize-space()=\"{option}\"]", field(label));
        let clicked = self.click_first(&path).await;
        clicked.with_context(|| format!("the option “{option}” of “{label}”"))
    }

    /// Chooses the option of a group of fields whose label contains these words.
    pub(super) async fn pick(&mut self, legend: &str, words: &str) -> Result<()> {
        let label = format!("//label[contains(normalize-space(), \"{words}\")]");
        let clicked = self.click_first(&format!("{}{label}", group(legend))).await;
        clicked.with_context(|| format!("the option “{words}” of “{legend}”"))
    }

    /// Checks or unchecks a box.
    pub(super) async fn tick(&mut self, label: &str) -> Result<()> {
        let path = format!("//label[normalize-space()=\"{label}\"]//input");
        let clicked = self.click_first(&path).await;
        clicked.with_context(|| format!("the box “{label}”"))
    }

    /// Opens the account menu in the header and follows one of its links.
    pub(super) async fn choose_in_menu(&mut self, words: &str) -> Result<()> {
        self.click(".account summary").await?;
        self.follow_in(MENU, words).await
    }

    /// Signs out by the account menu.
    pub(super) async fn sign_out(&mut self) -> Result<()> {
        self.click(".account summary").await?;
        self.press_in(MENU, "Sign out").await?;
        self.says(".signin", "Sign in").await
    }

    /// Waits until the page with this heading is open, and checks that it is no error page.
    pub(super) async fn lands(&mut self, heading: &str) -> Result<()> {
        self.says("h1", heading).await?;
        let text = self.text("main").await?;
        ensure!(
            !text.contains(ERROR_PAGE),
            "an error page is open at {}: {text}",
            self.address().await?
        );
        Ok(())
    }

    /// Waits until the page contains these words.
    pub(super) async fn sees(&mut self, words: &str) -> Result<()> {
        let seen = self.says("main", words).await;
        let address = self.address().await?;
        seen.with_context(|| format!("at {address}"))
    }

    /// Checks that the page does not contain these words.
    pub(super) async fn misses(&mut self, words: &str) -> Result<()> {
        let text = self.text("main").await?;
        ensure!(!text.contains(words), "the page shows {words:?}: {text}");
        Ok(())
    }

    /// Reloads the page until a part of it contains these words.
    pub(super) async fn reloads_until(&mut self, selector: &str, words: &str) -> Result<()> {
        let start = Instant::now();
        loop {
            let text = self.text(selector).await?;
            if text.contains(words) {
                return Ok(());
            }
            if start.elapsed() > PATIENCE {
                let address = self.address().await?;
                bail!("after {PATIENCE:?} `{selector}` of {address} shows {text:?}, not {words:?}");
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
            self.session_post("refresh", &json!({})).await?;
        }
    }

    /// Goes back to the previous page.
    pub(super) async fn back(&mut self) -> Result<()> {
        self.session_post("back", &json!({})).await.map(drop)
    }

    /// Returns the errors of scripts and policies since the last call. The server's answers are not among them.
    pub(super) async fn console_errors(&mut self) -> Result<Vec<String>> {
        let entries = self.session_post("se/log", &json!({ "type": "browser" })).await?;
        let entries = entries.as_array().into_iter().flatten();
        let errors = entries.filter(|entry| entry["source"] != "network");
        let words = errors.filter_map(|entry| entry["message"].as_str());
        Ok(words.map(str::to_owned).collect())
    }

    /// Clicks the first element at an XPath, on the new page if the old one was just left.
    async fn click_first(&mut self, path: &str) -> Result<()> {
        self.click_by(("xpath", path)).await
    }
}
