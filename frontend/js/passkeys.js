// A passkey that is not made or not accepted says why: the browser itself says nothing.
import { toast } from "./toasts.js";

const word = (name) => document.querySelector(`meta[name="word-${name}"]`)?.content ?? "";

// Passkeys belong to a name: at an address of numbers, as 127.0.0.1, every browser refuses them.
const nameless = () => /^[\d.]+$|^\[/.test(location.hostname);

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const place = `${location.protocol}//localhost${location.port ? `:${location.port}` : ""}`;
  const text = nameless() ? word("passkey-place").replace("{place}", place) : word("passkey");
  toast({ text, tone: "bad" });
});
