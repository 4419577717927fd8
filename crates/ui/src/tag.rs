/// The color and the label of a state. The label is required so that a state is never shown by color alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its CSS classes.
    pub class: &'static str,
    pub word: &'static str,
}
