//! Steps of a person who has only a keyboard.

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::driver::Driver;

/// The key that moves the focus to the next control; see the
/// [table of keys](https://www.w3.org/TR/webdriver2/#keyboard-actions).
pub(super) const TAB: &str = "\u{E004}";
/// The key that follows a link, presses a button or sends a form.
pub(super) const ENTER: &str = "\u{E007}";
/// The largest number of controls to pass on one page.
const MOST_TABS: usize = 80;
/// Returns the name of the control with the focus, and whether a person can see which it is.
const FOCUS: &str = "
    const control = document.activeElement;
    const box = control.getBoundingClientRect();
    const style = getComputedStyle(control);
    const words = control.labels?.[0]?.innerText || control.innerText || '';
    return {
        name: words.replace(/\\s+/g, ' ').trim(),
        isShown: box.bottom > 0 && box.top < innerHeight && box.width > 0
            && (style.outlineStyle !== 'none' || style.boxShadow !== 'none'),
    };";

impl Driver {
    /// Presses these keys one after the other.
    pub(super) async fn press_keys(&mut self, keys: &str) -> Result<()> {
        let presses = keys.chars().flat_map(|key| {
            ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key.to_string() }))
        });
        let presses: Vec<Value> = presses.collect();
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": presses });
        self.session_post("actions", &json!({ "actions": [keyboard] })).await.map(drop)
    }

    /// Moves the focus forward until it is on the control with this name.
    pub(super) async fn tab_to(&mut self, name: &str) -> Result<()> {
        let mut passed = Vec::new();
        for _ in 0..MOST_TABS {
            self.press_keys(TAB).await?;
            let focused = self.focused().await?;
            if focused == name {
                return Ok(());
            }
            passed.push(focused);
        }
        bail!("no “{name}” among {MOST_TABS} controls: {passed:?}");
    }

    /// Checks that the control with this name has the focus.
    pub(super) async fn has_focus(&mut self, name: &str) -> Result<()> {
        let focused = self.focused().await?;
        ensure!(focused == name, "“{focused}” has the focus, not “{name}”");
        Ok(())
    }

    /// Returns the name of the control with the focus, which must be visible.
    async fn focused(&mut self) -> Result<String> {
        let script = json!({ "script": FOCUS, "args": [] });
        let focus = self.session_post("execute/sync", &script).await?;
        let name = focus["name"].as_str().context("no control has the focus")?;
        ensure!(focus["isShown"] == true, "the focus on “{name}” is not visible");
        Ok(name.to_owned())
    }
}
