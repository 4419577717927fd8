/// A state's tincture and word: never color alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Classes of the stylesheet.
    pub class: &'static str,
    /// The state in words.
    pub word: &'static str,
}
