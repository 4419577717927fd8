//! A minimal WebDriver client: one browser, driven over HTTP on this machine.

use std::{
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::http::Connection;
use xtask::{
    postgres::free_port,
    process::{Daemon, Farewell, tied},
};

/// How long an update of a page may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A mouse that points finely and can hover, which a browser without a screen lacks.
const MOUSE: &str = "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4";

/// Returns what is seen of the first element that matches a selector, in one line for a row of a table; none without such
/// an element. The command of the driver for this takes some thirty times as long on a page with a table.
const TEXT: &str = r#"
    const element = document.querySelector(arguments[0]);
    if (!element?.checkVisibility({ visibilityProperty: true })) return element && "";
    return element.innerText.replace(/[\t\u00a0]/g, " ").replace(/\n+/g, "\n").trim();"#;

/// A browser and the program that drives it.
pub(super) struct Driver {
    connection: Connection,
    session: String,
    /// The number of times that a person clicked or wrote something, or read what was expected.
    steps: usize,
    _daemon: Daemon,
}

impl Driver {
    /// Starts the browser with its own profile in `folder`, which must not exist.
    pub(super) async fn start(driver: &Path, browser: &Path, folder: &Path) -> Result<Self> {
        let port = free_port()?;
        let mut command = tied(driver, Farewell::Terminate, None)?;
        command
            .arg(format!("--port={port}"))
            // Fields for days take them as people of the language write them.
            .env("LANGUAGE", "en_US")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let daemon = Daemon::start(&mut command, Farewell::Terminate)?;
        let connection = Connection::once_open(port).await?;
        let mut driver = Self { connection, session: String::new(), steps: 0, _daemon: daemon };
        let asked = driver.ask("POST", "/session", &capabilities(browser, folder)).await?;
        let id = asked["sessionId"].as_str().context("the browser has no session")?;
        driver.session = format!("/session/{id}");
        Ok(driver)
    }

    /// Returns the number of times that a person clicked or wrote something, or read what was expected.
    pub(super) fn steps(&self) -> usize {
        self.steps
    }

    /// Counts a step.
    pub(super) fn step(&mut self) {
        self.steps += 1;
    }

    /// Opens a URL and waits until it is loaded.
    pub(super) async fn open(&mut self, address: &str) -> Result<()> {
        let address = json!({ "url": address });
        self.session_post("url", &address).await.map(drop)
    }

    /// Runs a script and returns the value that it passes to the callback in its last argument.
    pub(super) async fn wait_for(&mut self, script: &str) -> Result<Value> {
        let script = json!({ "script": script, "args": [] });
        self.session_post("execute/async", &script).await
    }

    /// Sends a command of the Chrome DevTools Protocol.
    pub(super) async fn command(&mut self, name: &str, parameters: &Value) -> Result<Value> {
        let command = json!({ "cmd": name, "params": parameters });
        self.session_post("goog/cdp/execute", &command).await
    }

    /// Returns the first element that matches a selector of this kind, as scripts take it.
    pub(super) async fn find_by(&mut self, (kind, selector): (&str, &str)) -> Result<Value> {
        let body = json!({ "using": kind, "value": selector });
        self.session_post("element", &body).await
    }

    /// Clicks an element.
    pub(super) async fn click(&mut self, selector: &str) -> Result<()> {
        self.click_by(("css selector", selector)).await
    }

    /// Clicks the first element that matches a selector of this kind.
    pub(super) async fn click_by(&mut self, by: (&str, &str)) -> Result<()> {
        let start = Instant::now();
        loop {
            match self.ask_element_by(by, "POST", "click", &json!({})).await {
                // The driver takes all that a closed `details` contains for hidden, also what the style lays open, and does
                // not scroll what a bar at the edge of the view covers.
                Err(error) if is_unseen(&error) => match self.click_with_mouse(by).await {
                    Ok(true) => return Ok(()),
                    Err(gone) if is_gone(&gone) && start.elapsed() < PATIENCE => {}
                    _ => return Err(error),
                },
                clicked => return clicked.map(drop),
            }
        }
    }

    /// Types text into a field.
    pub(super) async fn write(&mut self, selector: &str, text: &str) -> Result<()> {
        let text = json!({ "text": text });
        self.ask_element(selector, "POST", "value", &text).await?;
        Ok(())
    }

    /// Returns the text of an element as a person sees it, once it exists.
    pub(super) async fn text(&mut self, selector: &str) -> Result<String> {
        let start = Instant::now();
        let script = json!({ "script": TEXT, "args": [selector] });
        loop {
            match self.session_post("execute/sync", &script).await {
                Ok(Value::String(text)) => return Ok(text),
                Err(error) if !is_gone(&error) => return Err(error),
                _ => ensure!(start.elapsed() < PATIENCE / 2, "there is no `{selector}`"),
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Sends a command about the first element that matches a CSS selector.
    async fn ask_element(
        &mut self,
        selector: &str,
        method: &str,
        name: &str,
        body: &Value,
    ) -> Result<Value> {
        self.ask_element_by(("css selector", selector), method, name, body).await
    }

    /// Sends a command about the first element that matches a selector of this kind.
    ///
    /// The element is looked for again if it went between the two steps, because the page was
    /// left or updated itself: the browser refuses such a command before it does anything.
    pub(super) async fn ask_element_by(
        &mut self,
        by: (&str, &str),
        method: &str,
        name: &str,
        body: &Value,
    ) -> Result<Value> {
        let start = Instant::now();
        loop {
            let element = self.find_by(by).await?;
            let id = element.as_object().and_then(|found| found.values().next()?.as_str());
            let id = id.with_context(|| format!("there is no `{}`", by.1))?;
            let path = format!("{}/element/{id}/{name}", self.session);
            match self.ask(method, &path, body).await {
                Err(error) if is_gone(&error) && start.elapsed() < PATIENCE => {}
                answer => {
                    self.steps += usize::from(method == "POST");
                    return answer;
                }
            }
        }
    }

    /// Waits until an element contains a text, because an update may be in progress.
    pub(super) async fn says(&mut self, selector: &str, words: &str) -> Result<()> {
        let start = Instant::now();
        loop {
            let said = self.text(selector).await.unwrap_or_default();
            if said.contains(words) {
                self.steps += 1;
                return Ok(());
            }
            if start.elapsed() > PATIENCE {
                bail!("`{selector}` shows {said:?}, not {words:?}");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Returns the URL of the open page.
    pub(super) async fn address(&mut self) -> Result<String> {
        let path = format!("{}/url", self.session);
        let address = self.ask("GET", &path, &Value::Null).await?;
        Ok(address.as_str().unwrap_or_default().to_owned())
    }

    /// Returns a cookie of the open site, even if scripts cannot read it.
    pub(super) async fn cookie(&mut self, name: &str) -> Result<String> {
        let path = format!("{}/cookie/{name}", self.session);
        let cookie = self.ask("GET", &path, &Value::Null).await?;
        let value = cookie["value"].as_str();
        Ok(value.context("the cookie has no value")?.to_owned())
    }

    /// Sets a cookie for the open site.
    pub(super) async fn set_cookie(&mut self, name: &str, value: &str) -> Result<()> {
        let cookie = json!({ "cookie": { "name": name, "value": value, "path": "/" } });
        self.session_post("cookie", &cookie).await.map(drop)
    }

    /// Deletes all cookies of the open site.
    pub(super) async fn forget_cookies(&mut self) -> Result<()> {
        let path = format!("{}/cookie", self.session);
        self.ask("DELETE", &path, &Value::Null).await?;
        Ok(())
    }

    /// Returns the path that a link leads to.
    pub(super) async fn path_of(&mut self, selector: &str) -> Result<String> {
        let href = self.ask_element(selector, "GET", "attribute/href", &Value::Null).await?;
        let href = href.as_str().context("the link has no target")?;
        Ok(href.to_owned())
    }

    /// Prints the open page; returns the PDF.
    pub(super) async fn print(&mut self) -> Result<Vec<u8>> {
        let printed = self.session_post("print", &json!({})).await?;
        let data = printed.as_str().context("the browser printed nothing")?;
        Ok(STANDARD.decode(data)?)
    }

    /// Closes the browser.
    pub(super) async fn end(mut self) -> Result<()> {
        let session = std::mem::take(&mut self.session);
        self.ask("DELETE", &session, &Value::Null).await?;
        Ok(())
    }

    /// Sends a command of the session.
    pub(super) async fn session_post(&mut self, name: &str, body: &Value) -> Result<Value> {
        let path = format!("{}/{name}", self.session);
        self.ask("POST", &path, body).await
    }

    /// Sends a command to the program that drives the browser.
    pub(super) async fn ask(&mut self, method: &str, path: &str, body: &Value) -> Result<Value> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let answer = self.connection.send(request.as_bytes()).await?;
        let mut said: Value = serde_json::from_slice(&answer.body)?;
        let value = said["value"].take();
        ensure!(
            answer.status == 200,
            "the browser refused {method} {path}: {}: {}",
            value["error"].as_str().unwrap_or("no error"),
            value["message"].as_str().unwrap_or("no message")
        );
        Ok(value)
    }
}

/// Returns true if the page with the element was left, or the element was replaced.
///
/// The code is from the [table of errors](https://www.w3.org/TR/webdriver2/#errors).
fn is_gone(error: &anyhow::Error) -> bool {
    error.to_string().contains(": stale element reference: ")
}

/// Returns true if the driver takes an element for hidden or covered.
fn is_unseen(error: &anyhow::Error) -> bool {
    let error = error.to_string();
    ["not interactable", "click intercepted"]
        .iter()
        .any(|refusal| error.contains(&format!(": element {refusal}: ")))
}

fn capabilities(browser: &Path, folder: &Path) -> Value {
    let arguments = [
        "--headless=new".to_owned(),
        "--no-sandbox".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--disable-background-networking".to_owned(),
        "--hide-scrollbars".to_owned(),
        MOUSE.to_owned(),
        format!("--user-data-dir={}", folder.display()),
    ];
    let options = json!({ "binary": browser, "args": arguments });
    json!({ "capabilities": { "alwaysMatch": {
        "browserName": "chrome", "goog:loggingPrefs": { "browser": "SEVERE" },
        "timeouts": { "implicit": 5_000, "script": 120_000 }, "goog:chromeOptions": options,
    } } })
}
