import { type Browser, chromium as driver } from "playwright-core";
import { chromium } from "./needs";

/** Starts the system's Chromium, without a window and without calls to its maker. */
export function openChromium(): Promise<Browser> {
  return driver.launch({
    executablePath: chromium.path,
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
}
