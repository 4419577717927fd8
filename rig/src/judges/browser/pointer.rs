//! Steps of a person with a mouse, one movement at a time.

use anyhow::Result;
use serde_json::{Value, json};

use super::driver::Driver;

/// Returns the middle of an element, which it scrolls into view, in pixels of the view.
const MIDDLE: &str = "
    const element = document.querySelector(arguments[0]);
    element.scrollIntoView({ block: 'nearest', behavior: 'instant' });
    const box = element.getBoundingClientRect();
    return { x: Math.floor(box.left + box.width / 2), y: Math.floor(box.top + box.height / 2) };";

/// Returns the middle of the first line of an element; none if a person sees something else there.
const SEEN: &str = "
    const element = arguments[0];
    element.scrollIntoView({ block: 'center', behavior: 'instant' });
    const [box] = element.getClientRects();
    if (!box) return null;
    const x = Math.floor(box.left + box.width / 2), y = Math.floor(box.top + box.height / 2);
    return element.contains(document.elementFromPoint(x, y)) ? { x, y } : null;";

impl Driver {
    /// Moves the pointer to the middle of an element.
    pub(super) async fn point_at(&mut self, selector: &str) -> Result<()> {
        let middle = json!({ "script": MIDDLE, "args": [selector] });
        let middle = self.session_post("execute/sync", &middle).await?;
        self.move_to(&middle).await
    }

    /// Clicks where the first element that matches a selector of this kind is seen; returns false if it is not seen.
    pub(super) async fn click_with_mouse(&mut self, by: (&str, &str)) -> Result<bool> {
        let element = self.find_by(by).await?;
        let seen = json!({ "script": SEEN, "args": [element] });
        let seen = self.session_post("execute/sync", &seen).await?;
        if seen.is_null() {
            return Ok(false);
        }
        self.move_to(&seen).await?;
        self.press_mouse().await?;
        self.release_mouse().await?;
        self.step();
        Ok(true)
    }

    /// Moves the pointer to a place in the view.
    async fn move_to(&mut self, place: &Value) -> Result<()> {
        let (x, y) = (&place["x"], &place["y"]);
        self.act(json!({ "type": "pointerMove", "x": x, "y": y, "duration": 0 })).await
    }

    /// Presses the main button of the mouse.
    pub(super) async fn press_mouse(&mut self) -> Result<()> {
        self.act(json!({ "type": "pointerDown", "button": 0 })).await
    }

    /// Releases the main button of the mouse.
    pub(super) async fn release_mouse(&mut self) -> Result<()> {
        self.act(json!({ "type": "pointerUp", "button": 0 })).await
    }

    async fn act(&mut self, action: Value) -> Result<()> {
        let mouse = json!({
            "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": [action],
        });
        self.session_post("actions", &json!({ "actions": [mouse] })).await.map(drop)
    }
}
