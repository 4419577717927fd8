//! The color scheme of pages.

crate::codes! {
    /// A color scheme that a person chose for pages, instead of the one of their device.
    #[derive(Hash)]
    Theme {
        /// Dark on light.
        Light = "light";
        /// Light on dark.
        Dark = "dark";
    }
}
