/** A thread that helps to decode images. */
/// <reference lib="deno.worker" />
import { type SharedImageJobs, takeJobs } from "./image_jobs.ts";

self.onmessage = ({ data }: MessageEvent<SharedImageJobs>) => takeJobs(data);
