/** A thread that helps to decode images. */
/// <reference lib="deno.worker" />
import { helpWithImages, type SharedImages } from "./image_jobs.ts";

self.onmessage = ({ data }: MessageEvent<SharedImages>) => helpWithImages(data);
