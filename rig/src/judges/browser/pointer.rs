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

impl Driver {
    /// Moves the pointer to the middle of an element.
    pub(super) async fn point_at(&mut self, selector: &str) -> Result<()> {
        let middle = json!({ "script": MIDDLE, "args": [selector] });
        let middle = self.session_post("execute/sync", &middle).await?;
        let (x, y) = (&middle["x"], &middle["y"]);
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
