"""The design system: pages, components, tables, charts, palette, languages. Knows no medicine."""
