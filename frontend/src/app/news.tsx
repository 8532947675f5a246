import { JobNews } from '@/features/runs';

/** What the app has to say wherever its reader is; not part of the first page. */
export default JobNews;
