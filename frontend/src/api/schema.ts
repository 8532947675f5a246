// Generated from the schema of the API by `npm run client`; do not edit.

export interface paths {
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check the service
         * @description Redirects a browser to the web app, or to the documentation if the app is not built.
         */
        get: operations["health_read_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List audit events
         * @description Newest first. `action=account` includes every action that begins with `account.`.
         */
        get: operations["audit_list_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/audit/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check the audit log
         * @description Recomputes the chain of digests, and names the first event that was changed or is missing.
         */
        get: operations["audit_check_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download audit events
         * @description A CSV file that is safe to open in a spreadsheet, oldest first, with the same filters.
         */
        get: operations["audit_export_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List invitations
         * @description Newest first, without their links; `X-Total-Count` is the total number.
         */
        get: operations["admin_list_invitations"];
        put?: never;
        /**
         * Invite someone
         * @description Returns a link for one registration with this role; it is shown only once.
         *
         *     Send it to the person yourself. With `email` it is good for that address alone.
         */
        post: operations["admin_create_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/invitations/{invitation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an invitation
         * @description Its link is refused from now on; an account that was made with it stays.
         */
        delete: operations["admin_revoke_invitation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show statistics
         * @description Returns accounts by role, predictions by segment, and predictions per day (30 days).
         */
        get: operations["admin_read_statistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List users with counts
         * @description Newest first, or by `sort`. `search` matches username, email and full name.
         *
         *     Totals follow filters.
         */
        get: operations["admin_list_users"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a user with counts
         * @description Returns counts only; profiles and history are private to the user.
         */
        get: operations["admin_read_user"];
        put?: never;
        post?: never;
        /**
         * Delete a user
         * @description Also deletes their saved profiles, history, tables, files, jobs and keys, at once.
         */
        delete: operations["admin_delete_user"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/{user_id}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a user's API keys
         * @description Returns the user's keys, newest first, without their secrets.
         */
        get: operations["keys_list_keys_of"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/{user_id}/keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a user's API key
         * @description Calls with this key are refused from now on.
         */
        delete: operations["keys_revoke_key_of"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/{user_id}/reset-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a one-time password
         * @description Shown only once; the user must change it at the next sign-in. Ends their sessions.
         */
        post: operations["admin_reset_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/{user_id}/role": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change a user's role
         * @description Ends the user's sessions, so that they sign in again with the new role.
         */
        put: operations["admin_change_role"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/{user_id}/toggle-active": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Activate or deactivate a user
         * @description Deactivating a user ends their sessions and blocks sign-in.
         */
        put: operations["admin_toggle_active"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change several users
         * @description Gives each the role, or activates or deactivates them, by the rules for one user.
         *
         *     `unchanged` names those whom a rule protects; the others are changed, and their sessions end.
         */
        post: operations["admin_change_users"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/analyses/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the analysis of a job
         * @description The job's `location` points here once it has succeeded.
         */
        get: operations["analysis_read_analysis"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/analyze": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Analyse posted records
         * @description Finds and names segments in records of any shape, and tests whether they are real.
         *
         *     `accuracy` is the cross-validated balanced accuracy with which a small decision tree
         *     reproduces the segments from the raw columns; `featureImportance` is each column's
         *     permutation importance in that reproduction, summing to 1: the mean over the tree on all columns
         *     and those on random halves that do nearly as well, so that columns that say the same share it.
         *     Columns that have nothing to do with those that show groups are set aside: `columns.leftOut` and
         *     `warnings` say so, and naming columns in `options.columns` segments by all of them. With
         *     `options.validate` the answer has each segment's stability, how sure their number is, and rules.
         *     Many records, or `Prefer: respond-async`, make it a job (202).
         */
        post: operations["analysis_analyze"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recommendations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Recommend an action per segment
         * @description Takes the answer of `/api/analyze` and recommends an action per segment, with reasons.
         *
         *     Segments that are not stable, and customers without groups, get the advice to be careful.
         */
        post: operations["analysis_recommend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check this API
         * @description Needs no token and does not use the database.
         */
        get: operations["health_read_api_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clustering/dendrogram/{run_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Draw a run's tree
         * @description Returns a picture, or with `format=json` the coordinates and possible cuts.
         */
        get: operations["clustering_draw_dendrogram"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clustering/projection/{run_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a map of the customers
         * @description Returns two principal components of up to 5,000 customers from all segments.
         */
        get: operations["clustering_read_projection"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clustering/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List runs
         * @description Yours and the team's, newest first; `X-Total-Count` is the total number.
         */
        get: operations["clustering_list_all_runs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clustering/runs/{dataset_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a dataset's runs
         * @description Newest first. For someone else's dataset, only the runs shared with the team.
         */
        get: operations["clustering_list_runs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clustering/runs/{run_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete a run
         * @description Deletes the run; the dataset is kept.
         */
        delete: operations["clustering_delete_run"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clustering/runs/{run_id}/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare two runs
         * @description Both runs must be of the same table; customers are matched from `against` to this run.
         *
         *     Segments are matched as those of model versions are. A customer in the segment that theirs
         *     became has not moved; where one run divides the segments of the other, as another cut of a
         *     tree does, `refinement` says so, and no part of a segment has moved. `adjusted_rand_index`
         *     is 1 where both runs group the customers alike.
         */
        get: operations["clustering_compare_runs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clustering/runs/{run_id}/cut": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview another cut of a run's tree
         * @description Nothing is stored; train with this `n_clusters` to save the cut.
         */
        post: operations["clustering_preview_cut"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clustering/runs/{run_id}/predict": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Place new customers in a run's segments
         * @description Accepts rows as JSON, or a file in any format, with the columns that the run used.
         *
         *     `rule` says how: a tree has no rule of its own for new rows, so the nearest center decides;
         *     DBSCAN distinguishes core, border and noise.
         */
        post: operations["clustering_predict"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clustering/runs/{run_id}/sharing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Share a run with the team
         * @description Every signed-in user can read a `team` run and place customers with it.
         *
         *     They see each customer's identifier, segment and the columns that the run used, in the export
         *     too; the dataset and its other columns stay their owner's. Segments are described as you see
         *     them, which includes averages and shares of columns that were set aside as unrelated. Making a
         *     run private makes its segmentation private if that is shared.
         */
        put: operations["clustering_share_run"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clustering/segments/{run_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show each customer's segment
         * @description Returns assignments by page, in table order, with the profiles of all segments.
         *
         *     As CSV or as a workbook all customers come at once, with their columns; of someone else's
         *     dataset, with those that the run used. The workbook has the segments' profiles, and how they
         *     were found, on sheets of their own.
         */
        get: operations["clustering_read_segments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clustering/segments/{run_id}/usefulness": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare another column between segments
         * @description Shares of a category, or means of a number, for each segment with 95% intervals.
         *
         *     `association_held_out` and `explained_by_segments` are measured on customers whose values were
         *     not used, and `explained_by_model` shows what a decision tree reaches there on the columns that
         *     the segments were made from. Nothing of this plays a part in choosing segments.
         */
        get: operations["clustering_read_usefulness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clustering/train": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cluster a dataset
         * @description Leaves out identifiers, dates, free text and constants, and lists them in the answer.
         *
         *     A tree is computed once: another `n_clusters` on the same dataset and options only cuts it.
         *     Large tables, and any with `Prefer: respond-async`, answer 202 and run as a job.
         */
        post: operations["clustering_train"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datasets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List datasets
         * @description Yours, newest first (everyone's for administrators); `X-Total-Count` is the total number.
         */
        get: operations["datasets_list_datasets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datasets/{dataset_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a dataset
         * @description Returns its format, columns and kinds, warnings and first rows.
         */
        get: operations["datasets_read_dataset"];
        put?: never;
        post?: never;
        /**
         * Delete a dataset
         * @description Also deletes its file, its runs and everything based on them.
         */
        delete: operations["datasets_delete_dataset"];
        options?: never;
        head?: never;
        /**
         * Correct how a dataset is read
         * @description Reads the file again with these overrides added to the earlier ones; `null` removes one.
         *
         *     Runs made before keep the reading they were made from. With `Prefer: respond-async` the answer
         *     is 202 and the file is read as a job.
         */
        patch: operations["datasets_update_dataset"];
        trace?: never;
    };
    "/api/v1/datasets/{dataset_id}/download": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download the file
         * @description Returns the file exactly as it was uploaded.
         */
        get: operations["datasets_download"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datasets/{dataset_id}/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Page through the rows
         * @description Returns the rows in file order, as they were read; `null` marks a missing value.
         */
        get: operations["datasets_read_rows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datasets/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upload a table
         * @description Accepts CSV in any common format, Excel or Parquet, and detects the format and column kinds.
         *
         *     The form's other fields override what is recognised. With `Prefer: respond-async` the answer
         *     is 202 and the table is read as a job.
         */
        post: operations["datasets_upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/example": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get example segments
         * @description Returns generated customers and their segments; needs no token.
         */
        get: operations["example_read_example"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List files
         * @description Yours, newest first (everyone's for administrators); `X-Total-Count` is the total number.
         */
        get: operations["files_list_files"];
        put?: never;
        /**
         * Upload a file of your own
         * @description As a dataset is uploaded, for every role: the role `user` within `limits`.
         *
         *     Only you and administrators can see the file and what is found in it.
         */
        post: operations["files_upload_file"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/files/{dataset_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a file
         * @description Returns its format, columns and kinds, warnings, first rows, and until when it is kept.
         */
        get: operations["files_read_file"];
        put?: never;
        post?: never;
        /**
         * Delete a file
         * @description Also deletes its segments and everything based on them.
         */
        delete: operations["files_delete_file"];
        options?: never;
        head?: never;
        /**
         * Correct how a file is read
         * @description Reads the file again with these overrides added to the earlier ones; `null` removes one.
         */
        patch: operations["files_update_file"];
        trace?: never;
    };
    "/api/v1/files/{dataset_id}/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make customers of a file of orders
         * @description One row per customer, with value and rhythm as of the last day, as another file of yours.
         */
        post: operations["files_make_customers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/files/{dataset_id}/download": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download a file as it came
         * @description Returns the file exactly as it was uploaded.
         */
        get: operations["files_download_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/files/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what a file may be
         * @description Returns the most bytes and rows, and how many days a file and its segments are kept.
         */
        get: operations["files_read_limits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/files/train": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Find segments in a file
         * @description As a dataset is clustered; the segmentation is private.
         */
        post: operations["files_train_file"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List jobs
         * @description Yours, newest first (everyone's for administrators); `X-Total-Count` is the total number.
         */
        get: operations["jobs_list_jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a job
         * @description Returns its state, progress and estimated seconds left.
         */
        get: operations["jobs_read_job"];
        put?: never;
        post?: never;
        /**
         * Cancel a job
         * @description Stops a running job immediately; nothing is saved.
         */
        delete: operations["jobs_cancel_job"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow a job
         * @description Streams server-sent events: one per change, the last one when the job has finished.
         */
        get: operations["jobs_follow_job"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List model versions
         * @description Every successfully trained version, newest first.
         */
        get: operations["models_list_models"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a model version
         * @description Returns its segments, its scores per number of segments, and which segments were kept.
         *
         *     With `validate=true` also whether the segments are real: structure, stability of each, how
         *     sure their number is, and rules. For more than 1,000 customers, and with
         *     `Prefer: respond-async`, the first answer is a job (202): ask again once it has succeeded.
         */
        get: operations["models_read_model"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{version}/activate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Activate a model version
         * @description Activates a candidate or rolls back to an older version; all workers switch immediately.
         */
        post: operations["models_activate_model"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{version}/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what a version would change
         * @description Compares with the active version, or with the version `against`, without changing anything.
         *
         *     `customers_moved` places the customers of both tables by the old model alone: they moved
         *     because they changed. `borders_moved` places the old table by both models: they moved
         *     because the model did.
         */
        get: operations["models_compare_model"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{version}/drift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check for drift
         * @description Compares recent predictions with the training data.
         *
         *     Changes are measured by the population stability index, less what chance explains: up to 0.1
         *     none, up to 0.25 moderate, beyond it large. One counts only where a test at a joint level of
         *     2% finds it too; `alarm` says that there is one.
         */
        get: operations["models_read_drift"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{version}/points": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get customers for a map
         * @description Returns up to 10,000 training customers with their segments, without identifiers.
         *
         *     For any user those of the active version; for others it needs an analyst.
         */
        get: operations["models_read_points"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List orders
         * @description Yours, newest first, and everyone's for administrators; `X-Total-Count` counts all.
         */
        get: operations["orders_list_orders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{orders_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show orders
         * @description Their first lines, their roles, their ledger, their files and the snapshots made of them.
         */
        get: operations["orders_read_orders"];
        put?: never;
        post?: never;
        /**
         * Delete orders
         * @description Their files and snapshots; the datasets of customers made of them stay.
         */
        delete: operations["orders_delete_orders"];
        options?: never;
        head?: never;
        /**
         * Correct roles and settings
         * @description The lines are counted again. Snapshots made before are marked as out of date.
         *
         *     With `Prefer: respond-async` the answer is 202 and they are counted as a job.
         */
        patch: operations["orders_update_orders"];
        trace?: never;
    };
    "/api/v1/orders/{orders_id}/cohorts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show cohorts
         * @description Customers by the period of their first order, and what they did in each period since.
         */
        get: operations["orders_read_cohorts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{orders_id}/lines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add order lines
         * @description Another file with the same columns; a file that is there already counts once.
         *
         *     Snapshots that the lines change are marked as out of date. A file of more than 100 MB, and any
         *     with `Prefer: respond-async`, is added as a job: the answer is 202.
         */
        post: operations["orders_append_lines"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{orders_id}/migration": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show who moved
         * @description From one segment to another between two days, in customers and money.
         *
         *     Both days are scored by your cut points, else by those of the first snapshot, else by the
         *     earlier day's; with `run_id` both are placed by that run. A move lists its first 1,000 members.
         */
        get: operations["orders_read_migration"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{orders_id}/migration/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who moved
         * @description The customers of one move, of all from a segment or to one, or all, by customer.
         */
        get: operations["orders_read_movers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{orders_id}/rfm-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show RFM rules
         * @description The cut points and the segments by which customers of these orders are scored.
         */
        get: operations["orders_read_rules"];
        /**
         * Change RFM rules
         * @description Own cut points hold for every snapshot; own segments have to name each cell once.
         *
         *     Cells are combinations of the scores of recency, frequency and money; a segment without
         *     `monetary` takes any.
         *
         *     What is left out stays as it is; `null` goes back to the program's.
         */
        put: operations["orders_update_rules"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{orders_id}/snapshots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a snapshot
         * @description One row per customer as of a day, kept as a dataset: train on it like on any other.
         *
         *     Of millions of lines, and with `Prefer: respond-async`, it is made as a job.
         */
        post: operations["orders_create_snapshot"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/from-dataset/{dataset_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Use a dataset as orders
         * @description For a file of orders that was uploaded as a dataset, which stays as it is.
         *
         *     With `Prefer: respond-async` the answer is 202 and the lines are read as a job.
         */
        post: operations["orders_create_from_dataset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upload orders
         * @description A table of orders or of their lines, in any form that datasets take.
         *
         *     The columns' roles are recognised by name and by shape, each with its reason; the ledger
         *     accounts for every line. `problems` name what has to be given by `PATCH` first. With
         *     `Prefer: respond-async` the answer is 202 and the lines are read as a job.
         */
        post: operations["orders_upload_orders"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/segmentations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List segmentations
         * @description Yours and the team's, changed last first; `X-Total-Count` is the total number.
         *
         *     `q` looks in names, descriptions and the names of tables.
         */
        get: operations["segmentations_list_segmentations"];
        put?: never;
        /**
         * Create a segmentation
         * @description Segments a dataset and keeps the result as the first version.
         *
         *     Large tables, and any with `Prefer: respond-async`, answer 202 and run as a job.
         */
        post: operations["segmentations_create_segmentation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/segmentations/{segmentation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a segmentation
         * @description Returns it with its active version; it becomes the one that you used last.
         */
        get: operations["segmentations_read_segmentation"];
        put?: never;
        post?: never;
        /**
         * Delete a segmentation
         * @description Deletes all of its versions; datasets are kept.
         */
        delete: operations["segmentations_delete_segmentation"];
        options?: never;
        head?: never;
        /**
         * Change a segmentation
         * @description Renames, describes or shares it; `team` lets every signed-in user read it and place with it.
         *
         *     Sharing requires the role analyst. They see each customer's identifier, segment and the columns
         *     that were used; the dataset and its other columns stay their owner's. Segments are described as
         *     you see them, which includes averages and shares of columns that were set aside as unrelated.
         */
        patch: operations["segmentations_update_segmentation"];
        trace?: never;
    };
    "/api/v1/segmentations/{segmentation_id}/columns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a version's columns
         * @description Returns the columns of the version's table that can be shown by segment.
         *
         *     Who may not see the dataset sees the columns that were used.
         */
        get: operations["segmentations_list_columns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/segmentations/{segmentation_id}/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List customers
         * @description Returns customers by page, in the table's order or sorted by `sort`.
         *
         *     `where` may be repeated; a customer has to meet all filters. Operators are `eq`, `ne`, `in`
         *     (values with commas between), `lt`, `le`, `gt`, `ge`, `between` (`10..20`, open at either end),
         *     `contains`, `missing` and `present`; a day without a time is the whole of it. `q` looks in every
         *     text. `sort` takes any column, `identifier`, `row`, `segment`, `confidence`, `probability` or
         *     `outlier`; `values.` before a column's name says that it is the table's. As a file the whole
         *     list comes at once. Who may not see the dataset sees, and asks for, the identifier and the
         *     columns that were used. The core's customers are those of the file that the version was trained
         *     on, and are for analysts.
         */
        get: operations["segmentations_list_customers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/segmentations/{segmentation_id}/customers/{identifier}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show one customer
         * @description Says why the customer is in their segment, and which change would move them.
         *
         *     Distances and chances are given for each segment, with the three columns that speak most for
         *     the own one, the smallest change of one column that would move the customer, and where they
         *     were in each version.
         */
        get: operations["segmentations_read_customer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/segmentations/{segmentation_id}/distribution": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a column by segment
         * @description Counts the column's values in each segment; it need not have been used to find them.
         */
        get: operations["segmentations_read_distribution"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/segmentations/{segmentation_id}/drift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check a segmentation for drift
         * @description Compares what was placed since the version was activated with its training data.
         *
         *     Measured as for model versions; categories by the shares of their values.
         */
        get: operations["segmentations_read_drift"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/segmentations/{segmentation_id}/form": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the columns of a customer to place
         * @description Returns the columns that placing needs, with ranges and choices from the version's table.
         */
        get: operations["segmentations_read_form"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/segmentations/{segmentation_id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who was placed
         * @description Newest first, with `X-Total-Count`; the owner sees everyone's placements, others their own.
         *
         *     For the core these are your predictions.
         */
        get: operations["segmentations_list_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/segmentations/{segmentation_id}/insights": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say what to do, what matters, and the rules
         * @description Returns what `/api/analyze` and `/api/recommendations` say, of any version.
         *
         *     What a version was trained without is measured when it is first asked for, and kept.
         */
        get: operations["segmentations_read_insights"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/segmentations/{segmentation_id}/points": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show customers by two columns
         * @description Returns up to 5,000 customers with a value in both columns, of numbers or dates.
         *
         *     The core's customers are for analysts.
         */
        get: operations["segmentations_read_points"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/segmentations/{segmentation_id}/predict": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Place new customers
         * @description Places rows by the active version, and adds them to the history.
         *
         *     Accepts JSON, or a file in any format, with the columns that the version used. A file is
         *     answered as CSV with columns added, as a stream, where `Accept` asks for `text/csv`; such a
         *     file for the core is not added to the history, as at `/predict/batch`.
         */
        post: operations["segmentations_predict"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/segmentations/{segmentation_id}/record": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show who did what
         * @description Trainings, activations, names and sharing, newest first; `X-Total-Count` counts them.
         */
        get: operations["segmentations_read_record"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/segmentations/{segmentation_id}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download the segment book
         * @description Returns an overview and a page per segment: size, change, differences, what to do.
         *
         *     All formats show the figures of the API. The workbook has the customers as well, with their
         *     columns; of someone else's dataset, with those that the version used, and of the core none.
         */
        get: operations["segmentations_read_book"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/segmentations/{segmentation_id}/segments/{lasting_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show one segment
         * @description Returns everything about a segment: how it differs from the rest, its rule, who is in it.
         *
         *     `columns` compare it with all other customers in the same bins. `typical` are its customers
         *     nearest to its center, `borderline` those nearest to another one.
         */
        get: operations["segmentations_read_segment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Name a segment
         * @description Sets a name, a note, advice or a position; null takes one back.
         *
         *     They stay with the segment over versions, as long as one of each version's segments lives on
         *     from it, and are shown everywhere, with the automatic name. The core's show under
         *     `/api/v1/segmentations`; `/predict`, `/clusters`, `/history` and `/api/v1/models` keep the names
         *     of the contract.
         */
        patch: operations["segmentations_update_segment"];
        trace?: never;
    };
    "/api/v1/segmentations/{segmentation_id}/train": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Train a new version
         * @description Segments again: another dataset with the same columns, or with other options.
         *
         *     Segments that share half of their customers with one of the active version keep its
         *     `lasting_id` and the owner's words. The version is activated unless `activate` is false.
         *     Large tables, and any with `Prefer: respond-async`, answer 202 and run as a job; so does the
         *     core, which is trained on the customer file.
         */
        post: operations["segmentations_train_version"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/segmentations/{segmentation_id}/usefulness": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare another column between a version's segments
         * @description The same of a version, the active one by default.
         */
        get: operations["segmentations_read_usefulness_of_a_version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/segmentations/{segmentation_id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the versions
         * @description Newest first; `X-Total-Count` is the total number.
         */
        get: operations["segmentations_list_versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/segmentations/{segmentation_id}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a version
         * @description Returns its segments, with the ids that last, and its warnings.
         */
        get: operations["segmentations_read_version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/segmentations/{segmentation_id}/versions/{version}/activate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Activate a version
         * @description Activates a candidate or rolls back to an older version.
         */
        post: operations["segmentations_activate_version"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/segmentations/{segmentation_id}/versions/{version}/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare two versions
         * @description Compares with the active version, or with the version `against`; nothing is changed.
         *
         *     On two tables, customers are recognised by the identifier: `customers_moved` follows those of
         *     both by the older version's rules, and `borders_moved` places the older table by both versions.
         */
        get: operations["segmentations_compare_versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/snapshots/{snapshot_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a snapshot
         * @description Its date, its dataset, its ledger, and whether lines came since that belong to it.
         */
        get: operations["orders_read_snapshot"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/snapshots/{snapshot_id}/concentration": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show who brings the money
         * @description The Lorenz curve of the customers' money, and the shares of the top customers.
         */
        get: operations["orders_read_concentration"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/snapshots/{snapshot_id}/leaving": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List customers likely to leave
         * @description Customers whose last order is long ago by the measure of their own rhythm.
         *
         *     With the record: how many customers as overdue did not come back when the same was asked of an
         *     earlier day.
         */
        get: operations["orders_read_leaving"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/snapshots/{snapshot_id}/next-order": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the time to the next order
         * @description How soon customers order again after their first order, their second and later ones.
         *
         *     Estimated by Kaplan and Meier's method, which counts those who may still order as waiting.
         */
        get: operations["orders_read_next_order"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/snapshots/{snapshot_id}/remake": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a snapshot again
         * @description Of the same day and settings, from all lines there are now, in its place.
         *
         *     The dataset of its customers keeps its id; runs made of it before keep the customers they were
         *     made of, and say so (`data_changed`).
         */
        post: operations["orders_remake_snapshot"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/snapshots/{snapshot_id}/rfm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the RFM grid
         * @description Recency, frequency and money scored 1 to 5, and the 25 named cells of the first two.
         *
         *     Cut points stay those of the first snapshot, so that no one is demoted by what others did.
         */
        get: operations["orders_read_rfm"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/snapshots/{snapshot_id}/rfm/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List customers of the RFM grid
         * @description Those of a cell or a segment, or all, by customer.
         */
        get: operations["orders_read_rfm_customers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/snapshots/{snapshot_id}/value": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Forecast the value still to come
         * @description Orders and money expected of each customer and segment within the horizon.
         *
         *     Never without `record`: how such forecasts did on the same customers' past, vs naive forecasts.
         *     Where there is too little history the answer is 422 with the reason; RFM is still given. Of
         *     very many customers, and with `Prefer: respond-async`, the first answer is a job: ask again
         *     once it is done.
         */
        get: operations["orders_read_value"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in and get an access token
         * @description Accepts JSON or an OAuth2 form; the username may be the email address.
         *
         *     After a number of failures each next attempt has to wait, twice as long each time.
         */
        post: operations["auth_login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End this session
         * @description Revokes the token of this request; other sessions stay active.
         */
        post: operations["auth_logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the signed-in account
         * @description Returns the account that the token belongs to.
         */
        get: operations["auth_read_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/provider": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the sign-in provider
         * @description Whether people can sign in by a provider (404 if not), what it is called, and where.
         */
        get: operations["auth_read_provider"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/provider/return": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Come back from the provider
         * @description Answers with the token, or sends the browser to the web app with it behind the `#`.
         *
         *     What is behind it is sent to no server and stays out of every log.
         */
        get: operations["auth_come_back"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/provider/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sign in by the provider
         * @description Sends the browser to the provider, which sends it back.
         */
        get: operations["auth_start"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create an account
         * @description The new account has the role `user`; a role in the body is ignored.
         *
         *     Open to everyone, unless the server asks for an `invitation`; one gives the role that it names.
         */
        post: operations["auth_register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/clusters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Describe the segments
         * @description Returns each segment of the active model with its size and averages.
         */
        get: operations["segments_read_clusters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/elbow": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare numbers of clusters
         * @description Returns inertia and silhouette for 2 to 10 clusters, from the active model's training.
         */
        get: operations["segments_read_elbow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your predictions
         * @description Newest first, or by `sort`. A bare date as `date_to` includes that day.
         *
         *     `total` follows the filters.
         */
        get: operations["history_list_history"];
        put?: never;
        post?: never;
        /**
         * Delete your predictions
         * @description Permanently deletes all of them, or those that match the filters.
         */
        delete: operations["history_delete_history"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/history/{row_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete one prediction
         * @description Permanently deletes it.
         */
        delete: operations["history_delete_row"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/history/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download your predictions
         * @description A CSV file that is safe to open in a spreadsheet, newest first, with the same filters.
         */
        get: operations["history_export_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check that the process is alive
         * @description Uses neither the database nor the thread pool, so it answers while both are busy.
         */
        get: operations["health_read_liveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the metrics
         * @description Requests by route, jobs and connections, in the format of Prometheus.
         *
         *     Answers only with the setting `METRICS`.
         */
        get: operations["health_read_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/predict": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Place a customer in a segment
         * @description Returns the segment with a confidence, and adds a row to the history.
         *
         *     Confidence is (1 - distance to the own centre / distance to the nearest other) x 100;
         *     `probability` is the calibrated chance of the segment. `outlier` marks a customer farther from
         *     the centre than 99% of the segment's training customers.
         */
        post: operations["segments_predict"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/predict/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Place many customers
         * @description Accepts up to 10,000 customers as JSON, or a CSV file of any length and returns CSV.
         *
         *     The same answers as one by one, and no rows in the history. Rows that are not valid are
         *     reported by number and reason; the others are answered all the same.
         */
        post: operations["segments_predict_batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/profiles/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List profiles
         * @description Yours, newest first; `search` matches text in the name or notes.
         *
         *     `sort` orders by a field instead, with what is not known at the end; `X-Total-Count` has the
         *     number of all that are left.
         */
        get: operations["profiles_list_profiles"];
        put?: never;
        /**
         * Save a customer profile
         * @description Saves a profile; only the name is required.
         */
        post: operations["profiles_create_profile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/profiles/{profile_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a profile
         * @description Returns one of your profiles.
         */
        get: operations["profiles_read_profile"];
        /**
         * Update a profile
         * @description Omitted fields are unchanged; `null` clears a field.
         */
        put: operations["profiles_update_profile"];
        post?: never;
        /**
         * Delete a profile
         * @description Permanently deletes it.
         */
        delete: operations["profiles_delete_profile"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/profiles/{profile_id}/predict": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Place a profile in a segment
         * @description Like `/predict`; an incomplete profile is refused with its missing fields.
         */
        post: operations["profiles_predict_profile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check that requests can be served
         * @description Ready means that the database has the newest schema and the model files are complete.
         *
         *     And threads that are free to serve: it answers, with 503, while all of them are stuck.
         */
        get: operations["health_read_readiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/train": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Train the model
         * @description Trains on the customer file and activates the new model unless `activate` is false.
         *
         *     Without `n_clusters` the best of 2 to 10 by silhouette is chosen. Calls for the same number
         *     that arrive while one runs share its result; others wait their turn. Signed in, and with
         *     `Prefer: respond-async`, it answers 202 and continues as a job with progress.
         */
        post: operations["segments_train"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List users
         * @description Returns users, newest first; `X-Total-Count` is the total number.
         */
        get: operations["users_list_users"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a user
         * @description Returns the account with this id.
         */
        get: operations["users_read_user"];
        put?: never;
        post?: never;
        /**
         * Delete a user
         * @description Also deletes their saved profiles, history, tables, files, jobs and keys, at once.
         */
        delete: operations["users_delete_user"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{user_id}/role": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change a user's role
         * @description Ends the user's sessions, so that they sign in again with the new role.
         */
        put: operations["users_change_role"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Update your account
         * @description A new password or email address needs a fresh token or `current_password`.
         *
         *     A new password ends every other session.
         */
        put: operations["users_update_me"];
        post?: never;
        /**
         * Delete your account
         * @description Also deletes your saved profiles, history, tables, files, jobs and keys, at once.
         *
         *     Needs a fresh token or `current_password`. Administrators cannot delete their account.
         */
        delete: operations["users_delete_me"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/me/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download your data
         * @description All that is held about you, as JSON: account, keys, profiles, history, tables, jobs, events.
         *
         *     Uploaded files are listed by their ids, by which they can be downloaded.
         */
        get: operations["users_export_own"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/me/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your API keys
         * @description Returns your keys, newest first, without their secrets.
         */
        get: operations["keys_list_keys"];
        put?: never;
        /**
         * Create an API key
         * @description Returns the key, which is shown only once; send it as `X-API-Key`.
         *
         *     `read` allows all that only reads, `score` placing customers and analyses of posted records,
         *     `manage` every other change. Needs a fresh token or `current_password`.
         */
        post: operations["keys_create_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/me/keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API key
         * @description Calls with this key are refused from now on.
         */
        delete: operations["keys_revoke_key"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/me/profile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get your account
         * @description Returns your account with its number of predictions and saved profiles.
         */
        get: operations["users_read_profile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * AccountDeletion
         * @example {
         *       "current_password": "correct horse"
         *     }
         */
        AccountDeletion: {
            /** Current Password */
            current_password?: string | null;
        };
        /**
         * AdviceOut
         * @description What to do; for all customers if `segment` is null.
         */
        AdviceOut: {
            /** Action */
            action: string;
            /** Reason */
            reason: string;
            /**
             * Segment
             * @description The segment's id, constant over versions; null in no segment
             */
            segment: number | null;
            /** Segment Name */
            segment_name: string | null;
            /** Text */
            text: string;
        };
        /**
         * AlternativeOut
         * @description Another reading, and the overrides that select it with `PATCH`.
         */
        AlternativeOut: {
            /** Overrides */
            overrides: {
                [key: string]: unknown;
            };
            /** Reading */
            reading: string;
        };
        /**
         * AnalysedCluster
         * @description `confidence` has each customer's, in the order of `customers`.
         */
        AnalysedCluster: {
            /** Categories */
            categories: {
                [key: string]: components["schemas"]["CamelCategoryShareOut"][];
            };
            /** Centroid */
            centroid: {
                [key: string]: number | null;
            };
            /** Characteristics */
            characteristics: string[];
            /** Clusterid */
            clusterId: number;
            /** Clustername */
            clusterName: string;
            /** Confidence */
            confidence: number[] | null;
            /** Customers */
            customers: {
                [key: string]: unknown;
            }[];
            /** Evidence */
            evidence: components["schemas"]["CamelEvidenceOut"][];
            /**
             * Middle
             * @description The first characteristic, if it lies between the others
             */
            middle: string | null;
            /**
             * Probability
             * @description Of each customer, calibrated, as for a single prediction.
             */
            probability: number[] | null;
            /** Share */
            share: number;
            /** Silhouette */
            silhouette: number | null;
            /** Size */
            size: number;
        };
        /**
         * AnalysisResult
         * @description `accuracy` and `featureImportance` come from small trees that reproduce the segments.
         * @example {
         *       "accuracy": 1,
         *       "accuracyByChance": 0.5,
         *       "algorithm": "kmeans",
         *       "cautions": [],
         *       "clusters": [
         *         {
         *           "categories": {},
         *           "centroid": {
         *             "income": 73000
         *           },
         *           "characteristics": [
         *             "Higher income bracket"
         *           ],
         *           "clusterId": 0,
         *           "clusterName": "Higher income",
         *           "confidence": [
         *             88,
         *             85
         *           ],
         *           "customers": [
         *             {
         *               "age": 35,
         *               "gender": "Male",
         *               "id": 1,
         *               "income": 75000,
         *               "purchases": 12,
         *               "region": "North"
         *             },
         *             {
         *               "age": 29,
         *               "gender": "Female",
         *               "id": 3,
         *               "income": 71000,
         *               "purchases": 15,
         *               "region": "North"
         *             }
         *           ],
         *           "evidence": [
         *             {
         *               "effect": 8.2,
         *               "feature": "income",
         *               "rest": 46750,
         *               "value": 73000
         *             }
         *           ],
         *           "probability": [
         *             0.99,
         *             0.98
         *           ],
         *           "share": 0.5,
         *           "silhouette": 0.71,
         *           "size": 2
         *         },
         *         {
         *           "categories": {},
         *           "centroid": {
         *             "income": 46750
         *           },
         *           "characteristics": [
         *             "Lower income bracket"
         *           ],
         *           "clusterId": 1,
         *           "clusterName": "Lower income",
         *           "confidence": [
         *             88,
         *             85
         *           ],
         *           "customers": [
         *             {
         *               "age": 52,
         *               "gender": "Female",
         *               "id": 2,
         *               "income": 48000,
         *               "purchases": 4,
         *               "region": "South"
         *             },
         *             {
         *               "age": 57,
         *               "gender": "Male",
         *               "id": 4,
         *               "income": 45500,
         *               "purchases": 3,
         *               "region": "South"
         *             }
         *           ],
         *           "evidence": [
         *             {
         *               "effect": -8.2,
         *               "feature": "income",
         *               "rest": 73000,
         *               "value": 46750
         *             }
         *           ],
         *           "probability": [
         *             0.99,
         *             0.98
         *           ],
         *           "share": 0.5,
         *           "silhouette": 0.71,
         *           "size": 2
         *         }
         *       ],
         *       "columns": {
         *         "leftOut": {
         *           "id": "identifier"
         *         },
         *         "used": [
         *           "age",
         *           "income"
         *         ],
         *         "valuesFilled": 0
         *       },
         *       "featureImportance": {
         *         "age": 0.2,
         *         "income": 0.8
         *       },
         *       "nClusters": 2,
         *       "nCustomers": 4,
         *       "recipe": {
         *         "name": "auto",
         *         "sentence": "Columns, algorithm and number of segments were chosen automatically.",
         *         "values": {
         *           "algorithm": "auto"
         *         }
         *       },
         *       "silhouette": 0.71,
         *       "silhouetteSampleSize": 4,
         *       "unassigned": [],
         *       "warnings": []
         *     }
         */
        AnalysisResult: {
            /** Accuracy */
            accuracy: number;
            /** Accuracybychance */
            accuracyByChance: number | null;
            /** Algorithm */
            algorithm: string | null;
            /** Cautions */
            cautions: components["schemas"]["CamelCautionOut"][];
            /** Clusters */
            clusters: components["schemas"]["AnalysedCluster"][];
            columns: components["schemas"]["ColumnsUsed"];
            /** Featureimportance */
            featureImportance: {
                [key: string]: number;
            };
            /** Nclusters */
            nClusters: number;
            /** Ncustomers */
            nCustomers: number;
            recipe: components["schemas"]["CamelRecipeOut"];
            selection: components["schemas"]["Selection"] | null;
            /** Silhouette */
            silhouette: number | null;
            /** Silhouettesamplesize */
            silhouetteSampleSize: number | null;
            structure: components["schemas"]["CamelStructureOut"] | null;
            /** Unassigned */
            unassigned: {
                [key: string]: unknown;
            }[];
            validation: components["schemas"]["CamelValidationOut"] | null;
            /** Warnings */
            warnings: string[];
        };
        /**
         * ApiHealth
         * @description And how people get in: who may register, and the provider that signs in, if there is one.
         * @example {
         *       "docs": "/docs",
         *       "registration": "open",
         *       "status": "healthy",
         *       "version": "1.0.0"
         *     }
         */
        ApiHealth: {
            /** Docs */
            docs: string;
            /**
             * Registration
             * @enum {string}
             */
            registration: "open" | "invitation";
            sign_in_provider: components["schemas"]["SignInProvider"] | null;
            /**
             * Status
             * @constant
             */
            status: "healthy";
            /** Version */
            version: string;
        };
        /**
         * AppendedOut
         * @description `appended` is false where these orders hold the same file already.
         * @example {
         *       "appended": true,
         *       "orders": {
         *         "columns": [
         *           "customer_id",
         *           "order_date",
         *           "amount"
         *         ],
         *         "created_at": "2026-07-01T09:12:00Z",
         *         "filename": "orders.csv",
         *         "files": [],
         *         "id": 1,
         *         "n_lines": 2400,
         *         "notes": [],
         *         "preview": [
         *           {
         *             "amount": 25.5,
         *             "customer_id": "C000",
         *             "order_date": "2026-01-31"
         *           }
         *         ],
         *         "problems": [
         *           {
         *             "code": "role_missing",
         *             "field": "roles.date",
         *             "message": "No column was recognised as the date; name it."
         *           }
         *         ],
         *         "roles": [
         *           {
         *             "column": "customer_id",
         *             "confidence": "high",
         *             "reason": "'customer_id' is named like it, and its values agree.",
         *             "role": "customer"
         *           }
         *         ],
         *         "settings": {
         *           "returns": "net"
         *         },
         *         "snapshots": [],
         *         "updated_at": "2026-07-01T09:12:00Z",
         *         "user_id": 7
         *       }
         *     }
         */
        AppendedOut: {
            /** Appended */
            appended: boolean;
            orders: components["schemas"]["OrdersOut"];
        };
        /**
         * Assignment
         * @description `cluster` is -1 for noise; `customer_id` is the row number if there is no identifier.
         */
        Assignment: {
            /** Cluster */
            cluster: number;
            /** Cluster Name */
            cluster_name: string;
            /** Customer Id */
            customer_id: string;
            /** Row */
            row: number;
        };
        /**
         * AuditCheck
         * @description Whether every event fits the one before it; compare `last_digest` with a copy of it.
         * @example {
         *       "is_whole": true,
         *       "last_digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
         *       "n_events": 41
         *     }
         */
        AuditCheck: {
            /** First Broken */
            first_broken: number | null;
            /** Is Whole */
            is_whole: boolean;
            /** Last Digest */
            last_digest: string | null;
            /** N Events */
            n_events: number;
        };
        /**
         * AuditEventOut
         * @description What someone did; `actor` is their username today, null once the account is deleted.
         * @example {
         *       "action": "account.role_changed",
         *       "actor": "admin",
         *       "actor_id": 1,
         *       "address": "192.0.2.7",
         *       "at": "2026-03-02T09:15:00Z",
         *       "details": {
         *         "after": "analyst",
         *         "before": "user"
         *       },
         *       "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
         *       "id": 41,
         *       "object_id": 7,
         *       "object_type": "user",
         *       "request_id": "2f1c7f0e6f5f4a0f9a53"
         *     }
         */
        AuditEventOut: {
            /** Action */
            action: string;
            /** Actor */
            actor: string | null;
            /** Actor Id */
            actor_id: number | null;
            /** Address */
            address: string | null;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Details */
            details: {
                [key: string]: unknown;
            };
            /** Digest */
            digest: string;
            /** Id */
            id: number;
            /** Key Id */
            key_id: number | null;
            /** Object Id */
            object_id: number | null;
            /** Object Type */
            object_type: string | null;
            /** Request Id */
            request_id: string | null;
        };
        /**
         * AuditEvents
         * @example {
         *       "events": [
         *         {
         *           "action": "account.role_changed",
         *           "actor": "admin",
         *           "actor_id": 1,
         *           "address": "192.0.2.7",
         *           "at": "2026-03-02T09:15:00Z",
         *           "details": {
         *             "after": "analyst",
         *             "before": "user"
         *           },
         *           "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
         *           "id": 41,
         *           "object_id": 7,
         *           "object_type": "user",
         *           "request_id": "2f1c7f0e6f5f4a0f9a53"
         *         }
         *       ],
         *       "total": 1
         *     }
         */
        AuditEvents: {
            /** Events */
            events: components["schemas"]["AuditEventOut"][];
            /** Total */
            total: number;
        };
        /** BatchPrediction */
        BatchPrediction: {
            /** Cluster */
            cluster: number;
            /** Cluster Name */
            cluster_name: string;
            /** Confidence */
            confidence: number;
            /** Outlier */
            outlier: boolean;
            /**
             * Probability
             * @description Calibrated chance that the customer belongs to this segment: of those given 0.7 to 0.8, 70 to 80% do. Null in no segment, and where it is not known.
             */
            probability: number | null;
            /** Row */
            row: number;
        };
        /** BatchProblem */
        BatchProblem: {
            /** Reason */
            reason: string;
            /** Row */
            row: number;
        };
        /**
         * BatchResult
         * @description Rows are counted from 1, in the order of the request.
         * @example {
         *       "model_version": 3,
         *       "n_customers": 2,
         *       "predictions": [
         *         {
         *           "cluster": 2,
         *           "cluster_name": "High Value Customers",
         *           "confidence": 81,
         *           "outlier": false,
         *           "probability": 0.99,
         *           "row": 1
         *         }
         *       ],
         *       "problems": [
         *         {
         *           "reason": "age: Input should be greater than or equal to 18",
         *           "row": 2
         *         }
         *       ]
         *     }
         */
        BatchResult: {
            /** Model Version */
            model_version: number;
            /** N Customers */
            n_customers: number;
            /** Predictions */
            predictions: components["schemas"]["BatchPrediction"][];
            /** Problems */
            problems: components["schemas"]["BatchProblem"][];
        };
        /**
         * BranchOut
         * @description One merge, as a bracket; `cluster` is -1 above the cut.
         */
        BranchOut: {
            /** Cluster */
            cluster: number;
            /** Height */
            height: number;
            /** X Left */
            x_left: number;
            /** X Right */
            x_right: number;
            /** Y Left */
            y_left: number;
            /** Y Right */
            y_right: number;
        };
        /**
         * CamelAttemptOut
         * @description `score` is the silhouette with customers in no segment counted as 0.
         */
        CamelAttemptOut: {
            /** Algorithm */
            algorithm: string;
            /** Nclusters */
            nClusters: number | null;
            /** Noiseshare */
            noiseShare: number;
            /** Remark */
            remark: string | null;
            /** Score */
            score: number | null;
            /** Silhouette */
            silhouette: number | null;
        };
        /** CamelCategoryShareOut */
        CamelCategoryShareOut: {
            /** Level */
            level: string;
            /** Share */
            share: number;
        };
        /**
         * CamelCautionOut
         * @description A warning; `code` is stable, for programs, and `message` is for people.
         */
        CamelCautionOut: {
            /** Code */
            code: string;
            /** Message */
            message: string;
        };
        /**
         * CamelCertaintyOut
         * @description How certain the number of segments is: the share of resamples that choose each.
         */
        CamelCertaintyOut: {
            /** Agree */
            agree: boolean;
            /** Bestnclusters */
            bestNClusters: number;
            /** Criteria */
            criteria: components["schemas"]["CamelCriterionOut"][];
            /** Nresamples */
            nResamples: number;
            /** Sentences */
            sentences: string[];
            /** Shares */
            shares: {
                [key: string]: number;
            };
        };
        /** CamelCriterionOut */
        CamelCriterionOut: {
            /** Name */
            name: string;
            /** Nclusters */
            nClusters: number;
        };
        /**
         * CamelEvidenceOut
         * @description A measured difference from the rest: means of a number, or shares of a category.
         */
        CamelEvidenceOut: {
            /** Effect */
            effect: number;
            /** Feature */
            feature: string;
            /** Level */
            level: string | null;
            /** Rest */
            rest: number;
            /** Value */
            value: number;
        };
        /**
         * CamelRecipeOut
         * @description `sentence` says what the automatic way would do differently.
         */
        CamelRecipeOut: {
            /** Name */
            name: string;
            /** Sentence */
            sentence: string;
            /** Values */
            values: {
                [key: string]: components["schemas"]["JsonValue"];
            };
        };
        /**
         * CamelRuleOut
         * @description A segment as a rule; precision and recall are measured on held-out rows.
         *
         *     `sql` is a condition for WHERE, in SQLite and in PostgreSQL: for posted records on a table that
         *     holds them as they were posted, text as text; otherwise on the table as it was read, numbers as
         *     numbers, all else as text, and missing values as NULL. `true` and `false` may be stored as
         *     text, as booleans or as 1 and 0.
         */
        CamelRuleOut: {
            /** Cluster */
            cluster: number;
            /** Precision */
            precision: number;
            /** Recall */
            recall: number;
            /** Size */
            size: number;
            /** Sql */
            sql: string;
            /** Text */
            text: string;
        };
        /**
         * CamelSegmentStabilityOut
         * @description Mean Jaccard similarity over bootstrap samples, with its band in words.
         */
        CamelSegmentStabilityOut: {
            /**
             * Band
             * @enum {string}
             */
            band: "dissolved" | "doubtful" | "moderate" | "stable" | "highly stable";
            /** Cluster */
            cluster: number;
            /** Dissolved */
            dissolved: number;
            /** Jaccard */
            jaccard: number;
            /** Recovered */
            recovered: number;
            /** Sentence */
            sentence: string;
        };
        /** CamelStabilityOut */
        CamelStabilityOut: {
            /** Nresamples */
            nResamples: number;
            /** Samplesize */
            sampleSize: number;
            /** Segments */
            segments: components["schemas"]["CamelSegmentStabilityOut"][];
            /** Weakest */
            weakest: number;
        };
        /**
         * CamelStructureOut
         * @description The test against "no structure"; `separation` is how deep the valley between groups is.
         */
        CamelStructureOut: {
            /** Borderline */
            borderline: boolean;
            /** Notes */
            notes: string[];
            /** Nsamples */
            nSamples: number;
            /** Pvalue */
            pValue: number;
            /** Sampled */
            sampled: boolean;
            /** Sentence */
            sentence: string;
            /** Separation */
            separation: number;
            /**
             * Verdict
             * @enum {string}
             */
            verdict: "strong" | "weak" | "none";
        };
        /** CamelValidationOut */
        CamelValidationOut: {
            certainty: components["schemas"]["CamelCertaintyOut"] | null;
            /** Headline */
            headline: string;
            /** Notes */
            notes: string[];
            /** Rules */
            rules: components["schemas"]["CamelRuleOut"][];
            stability: components["schemas"]["CamelStabilityOut"] | null;
            structure: components["schemas"]["CamelStructureOut"];
        };
        /**
         * CategoryDrift
         * @description How far the shares of a column's categories have moved.
         */
        CategoryDrift: {
            /** Column */
            column: string;
            /**
             * Drift
             * @enum {string}
             */
            drift: "none" | "moderate" | "large";
            /** Index By Chance */
            index_by_chance: number;
            /** P Value */
            p_value: number;
            /** Population Stability Index */
            population_stability_index: number;
        };
        /** CategoryShareOut */
        CategoryShareOut: {
            /** Level */
            level: string;
            /** Share */
            share: number;
        };
        /**
         * CautionOut
         * @description A warning; `code` is stable, for programs, and `message` is for people.
         */
        CautionOut: {
            /** Code */
            code: string;
            /** Message */
            message: string;
        };
        /**
         * CertaintyOut
         * @description How certain the number of segments is: the share of resamples that choose each.
         */
        CertaintyOut: {
            /** Agree */
            agree: boolean;
            /** Best N Clusters */
            best_n_clusters: number;
            /** Criteria */
            criteria: components["schemas"]["CriterionOut"][];
            /** N Resamples */
            n_resamples: number;
            /** Sentences */
            sentences: string[];
            /** Shares */
            shares: {
                [key: string]: number;
            };
        };
        /**
         * ChangedUsers
         * @example {
         *       "changed": [
         *         {
         *           "created_at": "2026-03-02T09:15:00Z",
         *           "email": "maria@example.com",
         *           "full_name": "Maria Keller",
         *           "id": 7,
         *           "is_active": true,
         *           "must_change_password": false,
         *           "role": "analyst",
         *           "updated_at": "2026-03-02T09:15:00Z",
         *           "username": "maria"
         *         }
         *       ],
         *       "unchanged": [
         *         {
         *           "code": "not_found",
         *           "detail": "User not found",
         *           "id": 8
         *         }
         *       ]
         *     }
         */
        ChangedUsers: {
            /** Changed */
            changed: components["schemas"]["UserOut"][];
            /** Unchanged */
            unchanged: components["schemas"]["UnchangedUser"][];
        };
        /**
         * ChangeToMove
         * @description The smallest change of one column after which the customer would be in another segment.
         *
         *     `size` is the distance moved, for a number in standard deviations as a rule. With `exact` no
         *     smaller change within the column's values would do; otherwise some were tried.
         */
        ChangeToMove: {
            /** Column */
            column: string;
            /** Exact */
            exact: boolean;
            from: components["schemas"]["JsonValue"];
            /**
             * Segment
             * @description The segment's id, constant over versions; null in no segment
             */
            segment: number | null;
            /** Segment Name */
            segment_name: string;
            /** Size */
            size: number;
            to: components["schemas"]["JsonValue"];
        };
        /**
         * ChartedColumn
         * @description A column that the caller may see; `used` says whether customers were segmented by it.
         * @example {
         *       "kind": "number",
         *       "name": "annual_income",
         *       "unit": "k$",
         *       "used": true
         *     }
         */
        ChartedColumn: {
            /**
             * Kind
             * @enum {string}
             */
            kind: "number" | "category" | "date";
            /** Name */
            name: string;
            /** Unit */
            unit: string | null;
            /** Used */
            used: boolean;
        };
        /**
         * Clusters
         * @example {
         *       "clusters": [
         *         {
         *           "avg_age": 36.2,
         *           "avg_income": 71.4,
         *           "avg_purchase_frequency": 19.8,
         *           "avg_spending_score": 76.9,
         *           "cluster_id": 2,
         *           "cluster_name": "High Value Customers",
         *           "share": 0.2086,
         *           "size": 1043
         *         }
         *       ],
         *       "model_version": 3,
         *       "n_clusters": 1,
         *       "total_customers": 5000
         *     }
         */
        Clusters: {
            /** Clusters */
            clusters: components["schemas"]["ClusterSummary"][];
            /** Model Version */
            model_version: number;
            /** N Clusters */
            n_clusters: number;
            /** Total Customers */
            total_customers: number;
        };
        /** ClusterSummary */
        ClusterSummary: {
            /** Avg Age */
            avg_age: number;
            /** Avg Income */
            avg_income: number;
            /** Avg Purchase Frequency */
            avg_purchase_frequency: number;
            /** Avg Spending Score */
            avg_spending_score: number;
            /** Cluster Id */
            cluster_id: number;
            /** Cluster Name */
            cluster_name: string;
            /** Share */
            share: number;
            /** Size */
            size: number;
        };
        /**
         * CohortsOut
         * @description One row of `values` per cohort, one column per period since its first; `null` is to come.
         * @example {
         *       "by": "month",
         *       "cohorts": [
         *         "2026-01",
         *         "2026-02"
         *       ],
         *       "measure": "customers",
         *       "sizes": [
         *         40,
         *         31
         *       ],
         *       "unfinished": [
         *         [
         *           false,
         *           true
         *         ],
         *         [
         *           true,
         *           false
         *         ]
         *       ],
         *       "until": "2026-02-14",
         *       "values": [
         *         [
         *           40,
         *           12
         *         ],
         *         [
         *           31,
         *           null
         *         ]
         *       ]
         *     }
         */
        CohortsOut: {
            /** By */
            by: string;
            /** Cohorts */
            cohorts: string[];
            /** Measure */
            measure: string;
            /** Sizes */
            sizes: number[];
            /** Unfinished */
            unfinished: boolean[][];
            /**
             * Until
             * Format: date
             */
            until: string;
            /** Values */
            values: (number | null)[][];
        };
        /**
         * ColumnBySegment
         * @description A column in each segment, in bins or levels that all of them share, as of one segment.
         * @example {
         *       "edges": [
         *         0,
         *         50,
         *         100
         *       ],
         *       "kind": "number",
         *       "name": "annual_income",
         *       "open_high": true,
         *       "open_low": false,
         *       "segments": [
         *         {
         *           "counts": [
         *             9,
         *             171
         *           ],
         *           "mean": 82.1,
         *           "missing": 0,
         *           "other": 0,
         *           "segment": 1,
         *           "segment_name": "Higher income",
         *           "shares": [
         *             0.05,
         *             0.95
         *           ],
         *           "size": 180
         *         }
         *       ],
         *       "unit": "k$",
         *       "used": true,
         *       "version": 2
         *     }
         */
        ColumnBySegment: {
            /** Edges */
            edges: number[] | string[] | null;
            /**
             * Kind
             * @enum {string}
             */
            kind: "number" | "category" | "date";
            /** Levels */
            levels: string[] | null;
            /** Name */
            name: string;
            /** Open High */
            open_high: boolean;
            /** Open Low */
            open_low: boolean;
            /** Segments */
            segments: components["schemas"]["ColumnInSegment"][];
            /** Unit */
            unit: string | null;
            /** Used */
            used: boolean;
            /** Version */
            version: number;
        };
        /**
         * ColumnDistribution
         * @description A column within the segment and among everybody else, in the same bins.
         *
         *     Numbers and dates have `edges`: a bin holds its lower edge, and the last one its upper edge too.
         *     Categories, and numbers of few different values, have `levels`. Where `open_low` or `open_high`
         *     is true, the first or the last bin also holds all that lies beyond.
         */
        ColumnDistribution: {
            difference: components["schemas"]["DifferenceOut"] | null;
            /** Edges */
            edges: number[] | string[] | null;
            /**
             * Kind
             * @enum {string}
             */
            kind: "number" | "category" | "date";
            /** Levels */
            levels: string[] | null;
            /** Name */
            name: string;
            /** Open High */
            open_high: boolean;
            /** Open Low */
            open_low: boolean;
            rest: components["schemas"]["SideOut"];
            this: components["schemas"]["SideOut"];
            /** Unit */
            unit: string | null;
            /**
             * Used
             * @description Whether customers were segmented by it
             */
            used: boolean;
        };
        /**
         * ColumnInSegment
         * @description A column within one segment: customers in each bin or of each level.
         *
         *     `other` counts those of rarer levels, and `shares` are of those with a value. `mean` is null
         *     where the column has no numbers, or the segment none of them.
         */
        ColumnInSegment: {
            /** Counts */
            counts: number[];
            /** Mean */
            mean: number | null;
            /** Missing */
            missing: number;
            /** Other */
            other: number;
            /**
             * Segment
             * @description The segment's id, constant over versions; null in no segment
             */
            segment: number | null;
            /** Segment Name */
            segment_name: string;
            /** Shares */
            shares: number[];
            /** Size */
            size: number;
        };
        /**
         * ColumnsUsed
         * @description The columns used, and for each other column why it was left out.
         *
         *     `unrelated to the columns that show groups`: it only blurs groups which others show clearly.
         */
        ColumnsUsed: {
            /** Leftout */
            leftOut: {
                [key: string]: string;
            };
            /** Principalcomponents */
            principalComponents: number | null;
            /** Used */
            used: string[];
            /** Valuesfilled */
            valuesFilled: number;
        };
        /** ComparedCounts */
        ComparedCounts: {
            /** Nclusters */
            nClusters: number[];
            /** Silhouette */
            silhouette: number[];
        };
        /**
         * Comparison
         * @example {
         *       "against": 3,
         *       "borders_moved": {
         *         "columns": [
         *           "High Value Customers",
         *           "Loyal Customers"
         *         ],
         *         "matrix": [
         *           [
         *             388,
         *             12
         *           ]
         *         ],
         *         "n_customers": 400,
         *         "n_moved": 12,
         *         "rows": [
         *           "High Value Customers"
         *         ],
         *         "sentence": "12 of 400 customers (3%) change their segment.",
         *         "share_moved": 0.03
         *       },
         *       "customers_moved": {
         *         "columns": [
         *           "High Value Customers",
         *           "Loyal Customers"
         *         ],
         *         "matrix": [
         *           [
         *             388,
         *             12
         *           ]
         *         ],
         *         "n_customers": 400,
         *         "n_joined": 20,
         *         "n_left": 4,
         *         "n_moved": 12,
         *         "rows": [
         *           "High Value Customers"
         *         ],
         *         "sentence": "12 of 400 customers (3%) change their segment.",
         *         "share_moved": 0.03
         *       },
         *       "history": {
         *         "columns": [
         *           "High Value Customers",
         *           "Loyal Customers"
         *         ],
         *         "matrix": [
         *           [
         *             388,
         *             12
         *           ]
         *         ],
         *         "n_customers": 400,
         *         "n_moved": 12,
         *         "rows": [
         *           "High Value Customers"
         *         ],
         *         "sentence": "12 of 400 customers (3%) change their segment.",
         *         "share_moved": 0.03
         *       },
         *       "segments": [
         *         {
         *           "change": "kept",
         *           "new_id": 2,
         *           "new_name": "High Value Customers",
         *           "old_id": 2,
         *           "old_name": "High Value Customers",
         *           "overlap": 0.94
         *         }
         *       ],
         *       "summary": "1 segment kept, 1 new; 3% of the customers move.",
         *       "training": {
         *         "columns": [
         *           "High Value Customers",
         *           "Loyal Customers"
         *         ],
         *         "matrix": [
         *           [
         *             388,
         *             12
         *           ]
         *         ],
         *         "n_customers": 400,
         *         "n_moved": 12,
         *         "rows": [
         *           "High Value Customers"
         *         ],
         *         "sentence": "12 of 400 customers (3%) change their segment.",
         *         "share_moved": 0.03
         *       },
         *       "version": 4
         *     }
         */
        Comparison: {
            /** Against */
            against: number;
            borders_moved: components["schemas"]["Movement"];
            customers_moved: components["schemas"]["CustomersMoved"];
            history: components["schemas"]["Movement"];
            /** Segments */
            segments: components["schemas"]["SegmentChange"][];
            /** Summary */
            summary: string;
            training: components["schemas"]["Movement"];
            /** Version */
            version: number;
        };
        /**
         * ConcentrationOut
         * @description Who brings the money. `curve` is the Lorenz curve: shares of customers and of money.
         *
         *     Customers come lowest first; `gini` is 0 where all bring the same and near 1 where one brings
         *     everything.
         * @example {
         *       "as_of": "2026-06-30",
         *       "curve": [
         *         [
         *           0,
         *           0
         *         ],
         *         [
         *           0.5,
         *           0.1
         *         ],
         *         [
         *           1,
         *           1
         *         ]
         *       ],
         *       "customers": 812,
         *       "gini": 0.62,
         *       "money": 88120.5,
         *       "snapshot_id": 1,
         *       "top": [
         *         {
         *           "customers": 81,
         *           "money": 44941.5,
         *           "part": 0.1,
         *           "share_of_money": 0.51
         *         },
         *         {
         *           "customers": 162,
         *           "money": 59921.9,
         *           "part": 0.2,
         *           "share_of_money": 0.68
         *         }
         *       ]
         *     }
         */
        ConcentrationOut: {
            /**
             * As Of
             * Format: date
             */
            as_of: string;
            /** Currency */
            currency: string | null;
            /** Curve */
            curve: number[][];
            /** Customers */
            customers: number;
            /** Gini */
            gini: number;
            /** Money */
            money: number;
            /** Snapshot Id */
            snapshot_id: number;
            /** Top */
            top: components["schemas"]["TopShare"][];
        };
        /** CriterionOut */
        CriterionOut: {
            /** N Clusters */
            n_clusters: number;
            /** Name */
            name: string;
        };
        /**
         * Customer
         * @example {
         *       "age": 34,
         *       "annual_income": 65.5,
         *       "purchase_frequency": 18,
         *       "sex": "Female",
         *       "spending_score": 72
         *     }
         */
        Customer: {
            /**
             * Age
             * @description Years
             */
            age: number;
            /**
             * Annual Income
             * @description Thousands per year
             */
            annual_income: number;
            /**
             * Purchase Frequency
             * @description Purchases per year
             */
            purchase_frequency: number;
            /**
             * Sex
             * @enum {string}
             */
            sex: "Male" | "Female";
            /** Spending Score */
            spending_score: number;
        };
        /**
         * CustomerPage
         * @description `total` counts what the filters leave; `next_cursor` is null on the last page.
         * @example {
         *       "identified_by": "customer_id",
         *       "items": [
         *         {
         *           "confidence": 81,
         *           "identifier": "C017",
         *           "outlier": false,
         *           "probability": 0.97,
         *           "row": 17,
         *           "segment": 1,
         *           "segment_name": "Higher income",
         *           "values": {
         *             "age": 34,
         *             "annual_income": 82.5
         *           }
         *         }
         *       ],
         *       "total": 180,
         *       "version": 2
         *     }
         */
        CustomerPage: {
            /** Identified By */
            identified_by: string | null;
            /** Items */
            items: components["schemas"]["ListedCustomer"][];
            /** Next Cursor */
            next_cursor: string | null;
            /** Total */
            total: number;
            /** Version */
            version: number;
        };
        /**
         * CustomerPoints
         * @description Customers by two columns, as lists of the same order; those without a value are left out.
         *
         *     A sample where there are more than can be shown, with customers of every segment in it.
         * @example {
         *       "identifiers": [
         *         "C017"
         *       ],
         *       "n_customers": 400,
         *       "n_missing": 3,
         *       "n_shown": 1,
         *       "segments": [
         *         1
         *       ],
         *       "version": 2,
         *       "x": {
         *         "kind": "number",
         *         "name": "annual_income",
         *         "unit": "k$",
         *         "used": true
         *       },
         *       "xs": [
         *         82.5
         *       ],
         *       "y": {
         *         "kind": "number",
         *         "name": "age",
         *         "unit": "years",
         *         "used": true
         *       },
         *       "ys": [
         *         34
         *       ]
         *     }
         */
        CustomerPoints: {
            /** Identifiers */
            identifiers: string[];
            /** N Customers */
            n_customers: number;
            /** N Missing */
            n_missing: number;
            /** N Shown */
            n_shown: number;
            /** Segments */
            segments: (number | null)[];
            /** Version */
            version: number;
            x: components["schemas"]["ChartedColumn"];
            /**
             * Xs
             * @description Numbers, or dates as ISO 8601
             */
            xs: number[] | string[];
            y: components["schemas"]["ChartedColumn"];
            /** Ys */
            ys: number[] | string[];
        };
        /** CustomersMoved */
        CustomersMoved: {
            /** Columns */
            columns: string[];
            /** Matrix */
            matrix: number[][];
            /** N Customers */
            n_customers: number;
            /** N Joined */
            n_joined: number;
            /** N Left */
            n_left: number;
            /** N Moved */
            n_moved: number;
            /** Rows */
            rows: string[];
            /** Sentence */
            sentence: string;
            /** Share Moved */
            share_moved: number;
        };
        /**
         * CustomerValue
         * @description `orders_low` to `orders_high`, and so for money, holds 90% of simulated futures.
         */
        CustomerValue: {
            /** Alive */
            alive: number;
            /** Customer Id */
            customer_id: string;
            /** Expected Money */
            expected_money: number | null;
            /** Expected Orders */
            expected_orders: number;
            /** Money High */
            money_high: number | null;
            /** Money Low */
            money_low: number | null;
            /** Orders High */
            orders_high: number;
            /** Orders Low */
            orders_low: number;
            /** Segment */
            segment: string;
        };
        /**
         * CustomerView
         * @description One customer, and why they are where they are.
         *
         *     `same_identifier` counts the rows with this identifier, of which the first is shown.
         * @example {
         *       "compared_with": 2,
         *       "customer": {
         *         "confidence": 81,
         *         "identifier": "C017",
         *         "outlier": false,
         *         "probability": 0.97,
         *         "row": 17,
         *         "segment": 1,
         *         "segment_name": "Higher income",
         *         "values": {
         *           "age": 34,
         *           "annual_income": 82.5
         *         }
         *       },
         *       "history": [
         *         {
         *           "segment": 1,
         *           "segment_name": "Higher income",
         *           "version": 2
         *         }
         *       ],
         *       "identified_by": "customer_id",
         *       "probabilities": [
         *         {
         *           "distance": 0.6,
         *           "probability": 0.97,
         *           "segment": 1,
         *           "segment_name": "Higher income"
         *         },
         *         {
         *           "distance": 2.3,
         *           "probability": 0.03,
         *           "segment": 2,
         *           "segment_name": "Lower income"
         *         }
         *       ],
         *       "same_identifier": 1,
         *       "smallest_change": {
         *         "column": "annual_income",
         *         "exact": true,
         *         "from": 82.5,
         *         "segment": 2,
         *         "segment_name": "Lower income",
         *         "size": 0.8,
         *         "to": 61
         *       },
         *       "speaks_for": [
         *         {
         *           "column": "annual_income",
         *           "here": 82.1,
         *           "share": 0.9,
         *           "there": 40.3,
         *           "value": 82.5
         *         }
         *       ],
         *       "version": 2
         *     }
         */
        CustomerView: {
            /**
             * Compared With
             * @description The segment's id, constant over versions; null in no segment
             */
            compared_with: number | null;
            customer: components["schemas"]["ListedCustomer"];
            /** History */
            history: components["schemas"]["VersionPlace"][];
            /** Identified By */
            identified_by: string | null;
            /** Probabilities */
            probabilities: components["schemas"]["SegmentChance"][];
            /** Same Identifier */
            same_identifier: number;
            smallest_change: components["schemas"]["ChangeToMove"] | null;
            /** Speaks For */
            speaks_for: components["schemas"]["SpeakingColumn"][];
            /** Version */
            version: number;
        };
        /**
         * CutMeasure
         * @description A possible cut, for a slider; `leaf_clusters` is in the order of the leaves.
         */
        CutMeasure: {
            /** Cut Height */
            cut_height: number;
            /** Degenerate */
            degenerate: boolean;
            /** Leaf Clusters */
            leaf_clusters: number[];
            /** N Clusters */
            n_clusters: number;
            /** Silhouette Score */
            silhouette_score: number;
        };
        /**
         * CutOut
         * @description Another cut of a run's tree; nothing is stored.
         * @example {
         *       "cluster_names": [
         *         "Higher income",
         *         "Lower income"
         *       ],
         *       "cluster_sizes": [
         *         180,
         *         220
         *       ],
         *       "degenerate": false,
         *       "headline": "All 2 segments come back when the customers are drawn again.",
         *       "height": 12.4,
         *       "n_clusters": 2,
         *       "profiles": [
         *         {
         *           "automatic_name": "Higher income",
         *           "categories": {
         *             "region": [
         *               {
         *                 "level": "North",
         *                 "share": 0.7
         *               }
         *             ]
         *           },
         *           "characteristics": [
         *             "Higher annual income (mean 82.1 vs 40.3)"
         *           ],
         *           "cluster": 0,
         *           "cluster_name": "Our best",
         *           "differences": [
         *             {
         *               "column": "annual_income",
         *               "effect": 1.8,
         *               "rest": 40.3,
         *               "value": 82.1
         *             }
         *           ],
         *           "means": {
         *             "annual_income": 82.1
         *           },
         *           "share": 0.45,
         *           "silhouette": 0.51,
         *           "size": 180
         *         }
         *       ],
         *       "run_id": 8,
         *       "silhouette_score": 0.48
         *     }
         */
        CutOut: {
            /** Cluster Names */
            cluster_names: string[];
            /** Cluster Sizes */
            cluster_sizes: number[];
            /** Degenerate */
            degenerate: boolean;
            /**
             * Headline
             * @description What to make of this cut, in a sentence.
             */
            headline: string;
            /** Height */
            height: number;
            /** N Clusters */
            n_clusters: number;
            /** Profiles */
            profiles: components["schemas"]["SegmentProfileOut"][];
            /** Run Id */
            run_id: number;
            /**
             * Segment Stability
             * @description How well each segment comes back in draws kept with the tree.
             */
            segment_stability: components["schemas"]["SegmentStabilityOut"][] | null;
            /** Silhouette Score */
            silhouette_score: number | null;
        };
        /** CutPointsGiven */
        CutPointsGiven: {
            /** Frequency */
            frequency: number[];
            /** Monetary */
            monetary: number[];
            /** Recency */
            recency: number[];
        };
        /**
         * CutPointsOut
         * @description Largest value of each score but the last, in `unit`; equal values get equal scores.
         *
         *     `highest_scores` says whether the smallest or the largest values score 5.
         */
        CutPointsOut: {
            /** Edges */
            edges: number[];
            /** Empty Scores */
            empty_scores: number[];
            /** Figure */
            figure: string;
            /**
             * Highest Scores
             * @enum {string}
             */
            highest_scores: "smallest" | "largest";
            /** Unit */
            unit: string;
        };
        /**
         * CutRequest
         * @example {
         *       "n_clusters": 4
         *     }
         */
        CutRequest: {
            /** N Clusters */
            n_clusters: number;
        };
        /**
         * DatasetColumn
         * @description `decimal`, `thousands` and `unit` are `null` where a column holds no numbers.
         *
         *     `examples` are the first different values, as they are written; `meaning` says what a figure
         *     of a snapshot is.
         */
        DatasetColumn: {
            /** Date Marks */
            date_marks: string[];
            /** Date Order */
            date_order: ("dmy" | "mdy") | null;
            days_since: components["schemas"]["DaysSinceOut"] | null;
            /** Decimal */
            decimal: ("." | ",") | null;
            /** Decimal Inferred */
            decimal_inferred: boolean;
            /** Distinct */
            distinct: number;
            /** Examples */
            examples: string[];
            /** Form */
            form: ("seconds" | "minutes" | "hours" | "days" | "weeks" | "months" | "years" | "time of day" | "inches" | "grade" | "ordinal" | "signs" | "capped") | null;
            /**
             * Kind
             * @enum {string}
             */
            kind: "identifier" | "numeric" | "categorical" | "date" | "free_text" | "constant";
            /** Marks */
            marks: number[];
            /** Meaning */
            meaning: string | null;
            /** Missing */
            missing: number;
            /** Name */
            name: string;
            /** Newest Year */
            newest_year: number | null;
            /** Scale */
            scale: string[];
            /** Spellings */
            spellings: {
                [key: string]: string;
            };
            /** Suffixes */
            suffixes: {
                [key: string]: number;
            };
            /** Thousands */
            thousands: string | null;
            /** Unit */
            unit: string | null;
            /** Warnings */
            warnings: string[];
        };
        /**
         * DatasetOut
         * @description `way_on` is where a table of orders is made into one of customers, `null` for others.
         * @example {
         *       "columns": [
         *         {
         *           "decimal_inferred": false,
         *           "distinct": 52,
         *           "examples": [
         *             "34",
         *             "57"
         *           ],
         *           "kind": "numeric",
         *           "marks": [],
         *           "missing": 0,
         *           "name": "age",
         *           "scale": [],
         *           "suffixes": {},
         *           "thousands": "",
         *           "unit": "",
         *           "warnings": []
         *         },
         *         {
         *           "decimal_inferred": false,
         *           "distinct": 2,
         *           "examples": [
         *             "North",
         *             "South"
         *           ],
         *           "kind": "categorical",
         *           "marks": [],
         *           "missing": 3,
         *           "name": "region",
         *           "scale": [],
         *           "suffixes": {},
         *           "warnings": []
         *         }
         *       ],
         *       "created_at": "2026-03-02T09:15:00Z",
         *       "dialect": {
         *         "decimal": ".",
         *         "delimiter": ",",
         *         "encoding": "utf-8",
         *         "format": "csv",
         *         "has_header": true,
         *         "header_row": 1,
         *         "quotechar": "\"",
         *         "set_aside": [],
         *         "sheets": [],
         *         "thousands": ""
         *       },
         *       "filename": "customers.csv",
         *       "id": 1,
         *       "n_columns": 2,
         *       "n_rows": 400,
         *       "one_row_is": "customer",
         *       "one_row_is_because": "no customer stands in more than one row",
         *       "overrides": {},
         *       "preview": [
         *         {
         *           "age": 34,
         *           "region": "North"
         *         }
         *       ],
         *       "size_bytes": 14012,
         *       "updated_at": "2026-03-02T09:15:00Z",
         *       "user_id": 7,
         *       "warnings": []
         *     }
         */
        DatasetOut: {
            /** Columns */
            columns: components["schemas"]["DatasetColumn"][];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            dialect: components["schemas"]["DialectOut"];
            /** Filename */
            filename: string;
            /** Id */
            id: number;
            /** Kept Until */
            kept_until: string | null;
            /** N Columns */
            n_columns: number;
            /** N Rows */
            n_rows: number;
            /**
             * One Row Is
             * @enum {string}
             */
            one_row_is: "customer" | "order" | "order_line" | "event" | "customer_month" | "item";
            /** One Row Is Because */
            one_row_is_because: string;
            /** Overrides */
            overrides: {
                [key: string]: unknown;
            };
            /** Preview */
            preview: {
                [key: string]: unknown;
            }[];
            /** Size Bytes */
            size_bytes: number;
            source: components["schemas"]["DatasetSource"] | null;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** User Id */
            user_id: number;
            /** Warnings */
            warnings: components["schemas"]["TableWarningOut"][];
            way_on: components["schemas"]["WayOn"] | null;
        };
        /**
         * DatasetRows
         * @example {
         *       "columns": [
         *         "age",
         *         "region"
         *       ],
         *       "rows": [
         *         {
         *           "age": 34,
         *           "region": "North"
         *         },
         *         {
         *           "age": 57
         *         }
         *       ],
         *       "total": 400
         *     }
         */
        DatasetRows: {
            /** Columns */
            columns: string[];
            /** Rows */
            rows: {
                [key: string]: unknown;
            }[];
            /** Total */
            total: number;
        };
        /**
         * DatasetSource
         * @description The orders that a dataset was made of, and the day up to which they count.
         */
        DatasetSource: {
            /**
             * As Of
             * Format: date
             */
            as_of: string;
            /** Orders Id */
            orders_id: number;
        };
        /**
         * DatasetSummary
         * @example {
         *       "created_at": "2026-03-02T09:15:00Z",
         *       "filename": "customers.csv",
         *       "id": 1,
         *       "n_columns": 2,
         *       "n_rows": 400,
         *       "size_bytes": 14012,
         *       "updated_at": "2026-03-02T09:15:00Z",
         *       "user_id": 7
         *     }
         */
        DatasetSummary: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Filename */
            filename: string;
            /** Id */
            id: number;
            /** Kept Until */
            kept_until: string | null;
            /** N Columns */
            n_columns: number;
            /** N Rows */
            n_rows: number;
            /** Size Bytes */
            size_bytes: number;
            source: components["schemas"]["DatasetSource"] | null;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** User Id */
            user_id: number;
        };
        /** DayCount */
        DayCount: {
            /**
             * Date
             * Format: date
             */
            date: string;
            /** Predictions */
            predictions: number;
        };
        /**
         * DaysSinceOut
         * @description A column of dates as days before its newest date.
         *
         *     `by_default` where its name is that of a sign-up or a last purchase.
         */
        DaysSinceOut: {
            /** By Default */
            by_default: boolean;
            /** Newest */
            newest: string;
        };
        /**
         * Deleted
         * @example {
         *       "deleted": 42,
         *       "message": "History deleted successfully"
         *     }
         */
        Deleted: {
            /** Deleted */
            deleted: number;
            /** Message */
            message: string;
        };
        /** Dendrogram */
        Dendrogram: {
            /** Branches */
            branches: components["schemas"]["BranchOut"][];
            /** Cut Height */
            cut_height: number;
            /** Cuts */
            cuts: components["schemas"]["CutMeasure"][];
            /** Leaves */
            leaves: components["schemas"]["LeafOut"][];
            /**
             * Linkage
             * @enum {string}
             */
            linkage: "ward" | "complete" | "average" | "single";
            /** Method */
            method: string;
            /** N Clusters */
            n_clusters: number;
            /** Run Id */
            run_id: number;
            /** Segments */
            segments: components["schemas"]["DendrogramSegment"][];
        };
        /** DendrogramSegment */
        DendrogramSegment: {
            /** Cluster */
            cluster: number;
            /** Cluster Name */
            cluster_name: string;
            /** Colour */
            colour: string;
            /** Size */
            size: number;
        };
        /** DialectOut */
        DialectOut: {
            /** Decimal */
            decimal: string;
            /** Delimiter */
            delimiter: string | null;
            /** Encoding */
            encoding: string | null;
            /** Format */
            format: string;
            /** Has Header */
            has_header: boolean;
            /** Header Row */
            header_row: number | null;
            /** Quotechar */
            quotechar: string | null;
            /** Set Aside */
            set_aside: components["schemas"]["SetAsideOut"][];
            /** Sheet */
            sheet: string | null;
            /** Sheets */
            sheets: string[];
            /** Thousands */
            thousands: string;
        };
        /**
         * DifferenceOut
         * @description How a segment differs from the rest: means of a number, or shares of a category.
         */
        DifferenceOut: {
            /** Column */
            column: string;
            /** Effect */
            effect: number;
            /** Level */
            level: string | null;
            /** Rest */
            rest: number;
            /** Value */
            value: number;
        };
        /**
         * DriftOut
         * @example {
         *       "alarm": false,
         *       "categories": [],
         *       "features": [
         *         {
         *           "drift": "none",
         *           "feature": "age",
         *           "index_by_chance": 0.024,
         *           "p_value": 0.41,
         *           "population_stability_index": 0.03,
         *           "recent_mean": 42.4,
         *           "training_mean": 43.1
         *         }
         *       ],
         *       "n_predictions": 400,
         *       "segments": [
         *         {
         *           "cluster_id": 2,
         *           "cluster_name": "High Value Customers",
         *           "recent_share": 0.23,
         *           "training_share": 0.21
         *         }
         *       ],
         *       "segments_index_by_chance": 0.011,
         *       "segments_p_value": 0.37,
         *       "segments_population_stability_index": 0.01,
         *       "sentence": "Recent customers look like those the model was trained on; no need to retrain.",
         *       "since": "2026-03-02T09:15:00Z",
         *       "verdict": "stable",
         *       "version": 3
         *     }
         */
        DriftOut: {
            /**
             * Alarm
             * @description Whether anything has changed: the verdict is watch or retrain.
             */
            alarm: boolean;
            /** Categories */
            categories: components["schemas"]["CategoryDrift"][];
            /** Features */
            features: components["schemas"]["FeatureDrift"][];
            /** N Predictions */
            n_predictions: number;
            /** Segments */
            segments: components["schemas"]["SegmentDrift"][];
            /** Segments Index By Chance */
            segments_index_by_chance: number | null;
            /** Segments P Value */
            segments_p_value: number | null;
            /** Segments Population Stability Index */
            segments_population_stability_index: number | null;
            /** Sentence */
            sentence: string;
            /**
             * Since
             * Format: date-time
             */
            since: string;
            /**
             * Verdict
             * @enum {string}
             */
            verdict: "too few predictions" | "stable" | "watch" | "retrain";
            /** Version */
            version: number;
        };
        /**
         * Elbow
         * @example {
         *       "inertias": [
         *         14210.4,
         *         9950.7,
         *         6880.2,
         *         4310.9,
         *         3900.6,
         *         3610.3,
         *         3380.8,
         *         3190.1,
         *         3010.5
         *       ],
         *       "k_range": [
         *         2,
         *         3,
         *         4,
         *         5,
         *         6,
         *         7,
         *         8,
         *         9,
         *         10
         *       ],
         *       "optimal_k": 5,
         *       "silhouette_scores": [
         *         0.31,
         *         0.38,
         *         0.46,
         *         0.55,
         *         0.5,
         *         0.45,
         *         0.4,
         *         0.37,
         *         0.35
         *       ]
         *     }
         */
        Elbow: {
            /** Inertias */
            inertias: (number | null)[];
            /** K Range */
            k_range: number[];
            /** Optimal K */
            optimal_k: number;
            /** Silhouette Scores */
            silhouette_scores: (number | null)[];
        };
        /**
         * ErrorOut
         * @description The shape of every error that is not a field error.
         *
         *     `code` is stable, for programs; `detail` is for people. `field` names the field at fault.
         */
        ErrorOut: {
            /** Code */
            code: string;
            /** Detail */
            detail: string;
            /** Field */
            field: string | null;
        };
        /**
         * Example
         * @description Generated customers, one list per column; `cluster` has their segment ids.
         * @example {
         *       "annual_income": [
         *         21,
         *         65.5
         *       ],
         *       "cluster": [
         *         0,
         *         1
         *       ],
         *       "n_customers": 2,
         *       "segments": [
         *         {
         *           "cluster_id": 0,
         *           "cluster_name": "Budget Conscious",
         *           "share": 0.5
         *         },
         *         {
         *           "cluster_id": 1,
         *           "cluster_name": "High Value Customers",
         *           "share": 0.5
         *         }
         *       ],
         *       "spending_score": [
         *         18,
         *         72
         *       ]
         *     }
         */
        Example: {
            /** Annual Income */
            annual_income: number[];
            /** Cluster */
            cluster: number[];
            /** N Customers */
            n_customers: number;
            /** Segments */
            segments: components["schemas"]["ExampleSegment"][];
            /** Spending Score */
            spending_score: number[];
        };
        /** ExampleSegment */
        ExampleSegment: {
            /** Cluster Id */
            cluster_id: number;
            /** Cluster Name */
            cluster_name: string;
            /** Share */
            share: number;
        };
        /** FeatureDrift */
        FeatureDrift: {
            /**
             * Drift
             * @enum {string}
             */
            drift: "none" | "moderate" | "large";
            /** Feature */
            feature: string;
            /**
             * Index By Chance
             * @description The index that as many customers without any change have on average.
             */
            index_by_chance: number;
            /**
             * P Value
             * @description Chance of such a difference had nothing changed.
             */
            p_value: number;
            /** Population Stability Index */
            population_stability_index: number;
            /** Recent Mean */
            recent_mean: number;
            /** Training Mean */
            training_mean: number;
        };
        /**
         * FieldProblemOut
         * @description What is wrong with one field; `loc` is the path to it, from `body`, `query` or `path`.
         *
         *     `code` repeats `type`, and `field` is the path as a name: `options.columns`.
         */
        FieldProblemOut: {
            /** Code */
            code: string;
            /** Field */
            field: string | null;
            /** Loc */
            loc: (string | number)[];
            /** Msg */
            msg: string;
            /** Type */
            type: string;
        };
        /**
         * FieldProblemsOut
         * @description Every field error; `field` is that of the first.
         */
        FieldProblemsOut: {
            /**
             * Code
             * @constant
             */
            code: "invalid_fields";
            /** Detail */
            detail: components["schemas"]["FieldProblemOut"][];
            /** Field */
            field: string | null;
        };
        /**
         * FileLimits
         * @description What a file may be at most, and for how many days it is kept; `null` is without a limit.
         * @example {
         *       "kept_days": 30,
         *       "max_bytes": 50000000,
         *       "max_rows": 50000
         *     }
         */
        FileLimits: {
            /** Kept Days */
            kept_days: number | null;
            /** Max Bytes */
            max_bytes: number;
            /** Max Rows */
            max_rows: number | null;
        };
        /**
         * ForecastRecord
         * @description Forecasts made at an earlier day, and what came; the chosen model comes first.
         *
         *     `money` is `null` where orders have no amounts, or no model of them was sound.
         */
        ForecastRecord: {
            /** Best */
            best: string;
            /** Chosen */
            chosen: string;
            /**
             * Made At
             * Format: date
             */
            made_at: string;
            money: components["schemas"]["MoneyRecord"] | null;
            /** N Customers */
            n_customers: number;
            /** Scores */
            scores: components["schemas"]["ForecastScore"][];
            /**
             * Until
             * Format: date
             */
            until: string;
            winners: components["schemas"]["ForecastWinners"];
        };
        /**
         * ForecastScore
         * @description One way of forecasting. `by_decile` has mean expected and actual values, lowest tenth first.
         *
         *     `decile_error` is the mean difference within a tenth as a share of the mean actual value;
         *     `top_found` is the share of the real top tenth of customers that the expected top tenth holds.
         */
        ForecastScore: {
            /** Actual */
            actual: number;
            /** By Decile */
            by_decile: number[][];
            /** Decile Error */
            decile_error: number | null;
            /** Expected */
            expected: number;
            /** Mean Absolute Error */
            mean_absolute_error: number;
            /** Naive */
            naive: boolean;
            /** Name */
            name: string;
            /** Top Found */
            top_found: number | null;
            /** Total Error */
            total_error: number | null;
        };
        /**
         * ForecastWinners
         * @description The best way by each measure, naive ways included.
         */
        ForecastWinners: {
            /** Decile Error */
            decile_error: string;
            /** Top Found */
            top_found: string;
            /** Total Error */
            total_error: string;
        };
        /**
         * FormColumn
         * @description A column of a customer to place; `typical` is the median, or the most frequent choice.
         *
         *     `choices` are the most frequent categories, at most 50. A column that only its owner may see
         *     has neither range nor choices.
         */
        FormColumn: {
            /** Choices */
            choices: string[];
            /** High */
            high: number | string | null;
            /**
             * Kind
             * @enum {string}
             */
            kind: "number" | "category" | "yes_no" | "date";
            /** Low */
            low: number | string | null;
            /** Name */
            name: string;
            /** Typical */
            typical: number | string | null;
            /** Unit */
            unit: string | null;
        };
        /**
         * GivenCutPoints
         * @description Largest value of each group but the last, ascending, in days, orders and money.
         */
        GivenCutPoints: {
            /** Frequency */
            frequency: number[];
            /** Monetary */
            monetary: number[];
            /** Recency */
            recency: number[];
        };
        /**
         * Health
         * @example {
         *       "docs": "/docs",
         *       "model_version": 3,
         *       "status": "healthy",
         *       "version": "1.0.0"
         *     }
         */
        Health: {
            /** Docs */
            docs: string;
            /** Model Version */
            model_version: number | null;
            /**
             * Status
             * @constant
             */
            status: "healthy";
            /** Version */
            version: string;
        };
        /**
         * History
         * @example {
         *       "history": [
         *         {
         *           "cluster": 2,
         *           "cluster_name": "High Value Customers",
         *           "confidence": 81,
         *           "created_at": "2026-03-02T09:15:00Z",
         *           "customer_data": {
         *             "age": 34,
         *             "annual_income": 65.5,
         *             "purchase_frequency": 18,
         *             "sex": "Female",
         *             "spending_score": 72
         *           },
         *           "id": 15,
         *           "model_version": 3
         *         }
         *       ],
         *       "total": 1
         *     }
         */
        History: {
            /** History */
            history: components["schemas"]["HistoryRow"][];
            /** Total */
            total: number;
        };
        /** HistoryRow */
        HistoryRow: {
            /** Cluster */
            cluster: number;
            /** Cluster Name */
            cluster_name: string;
            /** Confidence */
            confidence: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Customer Data */
            customer_data: {
                [key: string]: unknown;
            };
            /** Id */
            id: number;
            /** Model Version */
            model_version: number;
        };
        /** HTTPValidationError */
        HTTPValidationError: {
            /** Detail */
            detail?: components["schemas"]["ValidationError"][];
        };
        /**
         * Insights
         * @description What `/api/analyze` and `/api/recommendations` say, of a version.
         *
         *     `feature_importance` sums to 1; `accuracy` is that of small trees that reproduce the segments.
         * @example {
         *       "accuracy": 0.96,
         *       "accuracy_by_chance": 0.5,
         *       "feature_importance": {
         *         "age": 0.2,
         *         "annual_income": 0.8
         *       },
         *       "recommendations": [
         *         {
         *           "action": "Target \"Higher income\" with premium offers",
         *           "reason": "Annual income is 82.1 vs 40.3",
         *           "segment": 1,
         *           "segment_name": "Higher income",
         *           "text": "Target \"Higher income\" with premium offers: Annual income is 82.1 vs 40.3."
         *         }
         *       ],
         *       "rules": [
         *         {
         *           "cluster": 0,
         *           "precision": 0.95,
         *           "recall": 0.97,
         *           "segment": 1,
         *           "segment_name": "Higher income",
         *           "size": 184,
         *           "sql": "\"annual_income\" > 70",
         *           "text": "annual_income > 70"
         *         }
         *       ],
         *       "version": 2
         *     }
         */
        Insights: {
            /** Accuracy */
            accuracy: number;
            /** Accuracy By Chance */
            accuracy_by_chance: number | null;
            /** Feature Importance */
            feature_importance: {
                [key: string]: number;
            };
            /** Recommendations */
            recommendations: components["schemas"]["AdviceOut"][];
            /** Rules */
            rules: components["schemas"]["SegmentRuleOut"][];
            /** Version */
            version: number;
        };
        /**
         * InvitationCreate
         * @description For anyone who has the link, or for one email address alone.
         * @example {
         *       "expires_in_days": 7,
         *       "role": "analyst"
         *     }
         */
        InvitationCreate: {
            /** Email */
            email?: string | null;
            /**
             * Expires In Days
             * @default 7
             */
            expires_in_days: number;
            /**
             * Role
             * @default user
             * @enum {string}
             */
            role: "user" | "analyst" | "admin";
        };
        /**
         * InvitationOut
         * @example {
         *       "created_at": "2026-03-02T09:15:00Z",
         *       "created_by": "admin",
         *       "expires_at": "2026-03-09T09:15:00Z",
         *       "id": 4,
         *       "role": "analyst"
         *     }
         */
        InvitationOut: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Email */
            email: string | null;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Id */
            id: number;
            /**
             * Role
             * @enum {string}
             */
            role: "user" | "analyst" | "admin";
            /** Used At */
            used_at: string | null;
            /** Used By */
            used_by: string | null;
        };
        /**
         * JobOut
         * @description `result` has the new ids and `location` their address once the state is `succeeded`.
         * @example {
         *       "created_at": "2026-03-02T09:15:00Z",
         *       "id": 5,
         *       "kind": "clustering",
         *       "percent": 40,
         *       "phase": "clustering",
         *       "seconds_left": 12.5,
         *       "started_at": "2026-03-02T09:15:01Z",
         *       "state": "running"
         *     }
         */
        JobOut: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Error */
            error: string | null;
            /** Finished At */
            finished_at: string | null;
            /** Id */
            id: number;
            /** Kind */
            kind: string;
            /** Location */
            location: string | null;
            /** Percent */
            percent: number;
            /** Phase */
            phase: string;
            /** Result */
            result: {
                [key: string]: unknown;
            } | null;
            /** Seconds Left */
            seconds_left: number | null;
            /** Started At */
            started_at: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "queued" | "running" | "succeeded" | "failed" | "cancelled";
        };
        JsonValue: unknown;
        /**
         * KeyCreate
         * @description A key to be made; without `role` it has its owner's, without `expires_at` no end.
         * @example {
         *       "expires_at": "2030-03-02T09:15:00Z",
         *       "name": "nightly scoring",
         *       "role": "user",
         *       "scopes": [
         *         "read",
         *         "score"
         *       ]
         *     }
         */
        KeyCreate: {
            /** Current Password */
            current_password?: string | null;
            /** Expires At */
            expires_at?: string | null;
            /** Name */
            name: string;
            /** Role */
            role?: ("user" | "analyst" | "admin") | null;
            /** Scopes */
            scopes: ("read" | "score" | "manage")[];
        };
        /**
         * KeyList
         * @example {
         *       "keys": [
         *         {
         *           "created_at": "2026-03-02T09:15:00Z",
         *           "expires_at": "2027-03-02T09:15:00Z",
         *           "id": 3,
         *           "name": "nightly scoring",
         *           "role": "analyst",
         *           "scopes": [
         *             "read",
         *             "score"
         *           ],
         *           "start": "csk_4Q7dtR"
         *         }
         *       ]
         *     }
         */
        KeyList: {
            /** Keys */
            keys: components["schemas"]["KeyOut"][];
        };
        /**
         * KeyOut
         * @example {
         *       "created_at": "2026-03-02T09:15:00Z",
         *       "expires_at": "2027-03-02T09:15:00Z",
         *       "id": 3,
         *       "name": "nightly scoring",
         *       "role": "analyst",
         *       "scopes": [
         *         "read",
         *         "score"
         *       ],
         *       "start": "csk_4Q7dtR"
         *     }
         */
        KeyOut: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Expires At */
            expires_at: string | null;
            /** Id */
            id: number;
            /** Last Used At */
            last_used_at: string | null;
            /** Name */
            name: string;
            /**
             * Role
             * @enum {string}
             */
            role: "user" | "analyst" | "admin";
            /** Scopes */
            scopes: ("read" | "score" | "manage")[];
            /** Start */
            start: string;
        };
        /** LeafOut */
        LeafOut: {
            /** Cluster */
            cluster: number;
            /** N Rows */
            n_rows: number;
            /** X */
            x: number;
        };
        /**
         * LeavingCustomer
         * @description `chance` is the share that left, of customers as overdue as this one, on the record.
         */
        LeavingCustomer: {
            /** Chance */
            chance: number | null;
            /** Customer Id */
            customer_id: string;
            /** Median Gap Days */
            median_gap_days: number;
            /** Money */
            money: number | null;
            /** Orders */
            orders: number;
            /** Overdue */
            overdue: number;
            /** Recency Days */
            recency_days: number;
            /** Segment */
            segment: string;
        };
        /**
         * LeavingOut
         * @description Customers overdue by their own rhythm, those who brought most first.
         *
         *     A rhythm needs three days with orders: `customers_with_rhythm` have one.
         * @example {
         *       "as_of": "2026-06-30",
         *       "bands": [
         *         {
         *           "customers": 30,
         *           "customers_then": 28,
         *           "least": 2,
         *           "left_then": 17,
         *           "most": 3,
         *           "share_left": 0.61
         *         }
         *       ],
         *       "customers": [
         *         {
         *           "chance": 0.61,
         *           "customer_id": "C000",
         *           "median_gap_days": 40,
         *           "money": 990.5,
         *           "orders": 9,
         *           "overdue": 2.4,
         *           "recency_days": 96,
         *           "segment": "At risk"
         *         }
         *       ],
         *       "customers_with_rhythm": 290,
         *       "likely_to_leave": 61,
         *       "money": 12010.5,
         *       "n_customers": 812,
         *       "notes": [],
         *       "overdue_from": 2,
         *       "record": {
         *         "flagged": 58,
         *         "flagged_left": 39,
         *         "found": 0.49,
         *         "made_at": "2026-01-01",
         *         "others": 201,
         *         "others_left": 40,
         *         "tells": true,
         *         "until": "2026-06-30"
         *       },
         *       "snapshot_id": 1,
         *       "total": 61
         *     }
         */
        LeavingOut: {
            /**
             * As Of
             * Format: date
             */
            as_of: string;
            /** Bands */
            bands: components["schemas"]["OverdueBand"][];
            /** Currency */
            currency: string | null;
            /** Customers */
            customers: components["schemas"]["LeavingCustomer"][];
            /** Customers With Rhythm */
            customers_with_rhythm: number;
            /** Likely To Leave */
            likely_to_leave: number;
            /** Money */
            money: number | null;
            /** N Customers */
            n_customers: number;
            /** Notes */
            notes: components["schemas"]["OrderNote"][];
            /** Overdue From */
            overdue_from: number;
            record: components["schemas"]["LeavingRecordOut"] | null;
            /** Snapshot Id */
            snapshot_id: number;
            /** Total */
            total: number;
        };
        /**
         * LeavingRecordOut
         * @description What the rule would have said at an earlier day, and who did not order until `until`.
         *
         *     `found` is the share of those who left whom it had named; `tells` is false where the overdue
         *     did not leave clearly more often than the others.
         */
        LeavingRecordOut: {
            /** Flagged */
            flagged: number;
            /** Flagged Left */
            flagged_left: number;
            /** Found */
            found: number | null;
            /**
             * Made At
             * Format: date
             */
            made_at: string;
            /** Others */
            others: number;
            /** Others Left */
            others_left: number;
            /** Tells */
            tells: boolean;
            /**
             * Until
             * Format: date
             */
            until: string;
        };
        /**
         * LedgerEntry
         * @description Lines counted in the same way; `value` is their total in money.
         */
        LedgerEntry: {
            /** Counted */
            counted: boolean;
            /** Lines */
            lines: number;
            /** Meaning */
            meaning: string;
            /** State */
            state: string;
            /** Value */
            value: number | null;
        };
        /**
         * LedgerOut
         * @description Every line of the files: the entries' lines sum to `lines`, and their values to `value`.
         *
         *     `duplicates` repeat another line of their file in every column; they are counted.
         */
        LedgerOut: {
            /** Currencies */
            currencies: string[];
            /** Customers */
            customers: number;
            /** Duplicates */
            duplicates: number;
            /** Entries */
            entries: components["schemas"]["LedgerEntry"][];
            /** First Day */
            first_day: string | null;
            /** Last Day */
            last_day: string | null;
            /** Lines */
            lines: number;
            /** Orders */
            orders: number;
            /** Value */
            value: number | null;
        };
        /**
         * ListedCustomer
         * @description `identifier` is the row's number where the table has no identifier column.
         */
        ListedCustomer: {
            /** Confidence */
            confidence: number | null;
            /** Identifier */
            identifier: string;
            /** Outlier */
            outlier: boolean;
            /**
             * Probability
             * @description Calibrated chance that the customer belongs to this segment: of those given 0.7 to 0.8, 70 to 80% do. Null in no segment, and where it is not known.
             */
            probability: number | null;
            /** Row */
            row: number;
            /**
             * Segment
             * @description The segment's id, constant over versions; null in no segment
             */
            segment: number | null;
            /** Segment Name */
            segment_name: string;
            /** Values */
            values: {
                [key: string]: components["schemas"]["JsonValue"];
            };
        };
        /**
         * Liveness
         * @example {
         *       "status": "alive"
         *     }
         */
        Liveness: {
            /**
             * Status
             * @constant
             */
            status: "alive";
        };
        /**
         * MembershipOut
         * @description How new customers are placed: by the rule that agrees best with the run.
         *
         *     `agreement` is the share of customers, each left out in turn, that it puts into the segment
         *     which the run has them in.
         */
        MembershipOut: {
            /** Agreement */
            agreement: number;
            /**
             * Rule
             * @enum {string}
             */
            rule: "nearest_center" | "nearest_row" | "nearest_rows" | "density";
        };
        /**
         * Message
         * @example {
         *       "message": "Deleted successfully"
         *     }
         */
        Message: {
            /** Message */
            message: string;
        };
        /**
         * MigrationOut
         * @description Every customer of either day is in one move; `members` lists the first of each.
         *
         *     `New customers` and `No longer there` stand for those of one day alone. `cut_points_of` is the
         *     snapshot whose RFM cut points both days are scored by; `null` for the owner's, for the earlier
         *     day's, and for a run's segments.
         * @example {
         *       "by": "segments",
         *       "from_day": "2026-05-31",
         *       "moves": [
         *         {
         *           "customers": 12,
         *           "members": [
         *             "C000"
         *           ],
         *           "money_after": 4100.5,
         *           "money_before": 4100.5,
         *           "source": "Champions",
         *           "target": "At risk"
         *         }
         *       ],
         *       "sources": [
         *         "Champions",
         *         "New customers"
         *       ],
         *       "targets": [
         *         "Champions",
         *         "At risk"
         *       ],
         *       "to_day": "2026-06-30"
         *     }
         */
        MigrationOut: {
            /**
             * By
             * @enum {string}
             */
            by: "segments" | "cells" | "run";
            /** Cut Points Of */
            cut_points_of: number | null;
            /**
             * From Day
             * Format: date
             */
            from_day: string;
            /** Moves */
            moves: components["schemas"]["Move"][];
            /** Run Id */
            run_id: number | null;
            /** Sources */
            sources: string[];
            /** Targets */
            targets: string[];
            /**
             * To Day
             * Format: date
             */
            to_day: string;
        };
        /**
         * ModelDetail
         * @example {
         *       "activated_at": "2026-03-02T09:15:02Z",
         *       "checksum": "9f2b5c1e",
         *       "created_at": "2026-03-02T09:15:00Z",
         *       "degenerate": false,
         *       "imputed": {
         *         "age": 0
         *       },
         *       "inertia": 4310.9,
         *       "is_active": true,
         *       "matches": [
         *         {
         *           "new_id": 2,
         *           "old_id": 1,
         *           "overlap": 0.97
         *         }
         *       ],
         *       "n_clusters": 5,
         *       "n_customers": 5000,
         *       "segments": [
         *         {
         *           "avg_age": 36.2,
         *           "avg_income": 71.4,
         *           "avg_purchase_frequency": 19.8,
         *           "avg_spending_score": 76.9,
         *           "cluster_id": 2,
         *           "cluster_name": "High Value Customers",
         *           "share": 0.2086,
         *           "size": 1043
         *         }
         *       ],
         *       "silhouette_sample_size": 5000,
         *       "silhouette_score": 0.55,
         *       "sweep": {
         *         "inertias": [
         *           14210.4,
         *           9950.7,
         *           6880.2,
         *           4310.9,
         *           3900.6,
         *           3610.3,
         *           3380.8,
         *           3190.1,
         *           3010.5
         *         ],
         *         "k_range": [
         *           2,
         *           3,
         *           4,
         *           5,
         *           6,
         *           7,
         *           8,
         *           9,
         *           10
         *         ],
         *         "optimal_k": 5,
         *         "silhouette_scores": [
         *           0.31,
         *           0.38,
         *           0.46,
         *           0.55,
         *           0.5,
         *           0.45,
         *           0.4,
         *           0.37,
         *           0.35
         *         ]
         *       },
         *       "trained_by": "admin",
         *       "version": 3,
         *       "warnings": []
         *     }
         */
        ModelDetail: {
            /** Activated At */
            activated_at: string | null;
            /** Checksum */
            checksum: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Degenerate */
            degenerate: boolean;
            /** Imputed */
            imputed: {
                [key: string]: number;
            };
            /** Inertia */
            inertia: number;
            /** Is Active */
            is_active: boolean;
            /** Matches */
            matches: components["schemas"]["SegmentMatch"][];
            /** N Clusters */
            n_clusters: number;
            /** N Customers */
            n_customers: number;
            /** Requested Clusters */
            requested_clusters: number | null;
            /** Segments */
            segments: components["schemas"]["ClusterSummary"][];
            /** Silhouette Sample Size */
            silhouette_sample_size: number;
            /** Silhouette Score */
            silhouette_score: number;
            sweep: components["schemas"]["Elbow"];
            /** Trained By */
            trained_by: string | null;
            validation: components["schemas"]["ValidationOut"] | null;
            /** Version */
            version: number;
            /** Warnings */
            warnings: string[];
        };
        /**
         * ModelList
         * @example {
         *       "models": [
         *         {
         *           "activated_at": "2026-03-02T09:15:02Z",
         *           "checksum": "9f2b5c1e",
         *           "created_at": "2026-03-02T09:15:00Z",
         *           "inertia": 4310.9,
         *           "is_active": true,
         *           "n_clusters": 5,
         *           "n_customers": 5000,
         *           "silhouette_score": 0.55,
         *           "trained_by": "admin",
         *           "version": 3
         *         }
         *       ],
         *       "total": 1
         *     }
         */
        ModelList: {
            /** Models */
            models: components["schemas"]["ModelSummary"][];
            /** Total */
            total: number;
        };
        /** ModelSummary */
        ModelSummary: {
            /** Activated At */
            activated_at: string | null;
            /** Checksum */
            checksum: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Inertia */
            inertia: number;
            /** Is Active */
            is_active: boolean;
            /** N Clusters */
            n_clusters: number;
            /** N Customers */
            n_customers: number;
            /** Requested Clusters */
            requested_clusters: number | null;
            /** Silhouette Score */
            silhouette_score: number;
            /** Trained By */
            trained_by: string | null;
            /** Version */
            version: number;
        };
        /**
         * MoneyRecord
         * @description The same comparison in money; the way that is used comes first.
         */
        MoneyRecord: {
            /** Scores */
            scores: components["schemas"]["ForecastScore"][];
            winners: components["schemas"]["ForecastWinners"];
        };
        /**
         * Move
         * @description Customers who went from one segment to another; `money` is what they had brought.
         */
        Move: {
            /** Customers */
            customers: number;
            /** Members */
            members: string[];
            /** Money After */
            money_after: number | null;
            /** Money Before */
            money_before: number | null;
            /** Source */
            source: string;
            /** Target */
            target: string;
        };
        /** MoveMember */
        MoveMember: {
            /** Customer Id */
            customer_id: string;
            /** Money After */
            money_after: number | null;
            /** Money Before */
            money_before: number | null;
            /** Source */
            source: string;
            /** Target */
            target: string;
        };
        /**
         * MoveMembers
         * @example {
         *       "customers": [
         *         {
         *           "customer_id": "C000",
         *           "money_after": 410.5,
         *           "money_before": 410.5,
         *           "source": "Champions",
         *           "target": "At risk"
         *         }
         *       ],
         *       "total": 12
         *     }
         */
        MoveMembers: {
            /** Customers */
            customers: components["schemas"]["MoveMember"][];
            /** Total */
            total: number;
        };
        /**
         * Movement
         * @description Customers by segment before (rows) and after (columns), and how many of them moved.
         */
        Movement: {
            /** Columns */
            columns: string[];
            /** Matrix */
            matrix: number[][];
            /** N Customers */
            n_customers: number;
            /** N Moved */
            n_moved: number;
            /** Rows */
            rows: string[];
            /** Sentence */
            sentence: string;
            /** Share Moved */
            share_moved: number;
        };
        /**
         * NeighbourOut
         * @description Another segment, and the share of this segment's borderline customers that are next to it.
         *
         *     Borderline is the tenth of the segment's customers that are nearest to another one.
         */
        NeighbourOut: {
            /** Distance */
            distance: number;
            /** Lasting Id */
            lasting_id: number;
            /** Name */
            name: string;
            /** Share Of Borderline */
            share_of_borderline: number;
        };
        /**
         * NewInvitation
         * @description An invitation with its link, which is shown this once.
         * @example {
         *       "created_at": "2026-03-02T09:15:00Z",
         *       "created_by": "admin",
         *       "expires_at": "2026-03-09T09:15:00Z",
         *       "id": 4,
         *       "invitation": "kX3vJ0tQm2d8",
         *       "link": "https://segments.example.com/app/register?invitation=kX3vJ0tQm2d8",
         *       "role": "analyst"
         *     }
         */
        NewInvitation: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Email */
            email: string | null;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Id */
            id: number;
            /** Invitation */
            invitation: string;
            /** Link */
            link: string;
            /**
             * Role
             * @enum {string}
             */
            role: "user" | "analyst" | "admin";
            /** Used At */
            used_at: string | null;
            /** Used By */
            used_by: string | null;
        };
        /**
         * NewKey
         * @description A key with its secret, `key`, which is shown this once.
         * @example {
         *       "created_at": "2026-03-02T09:15:00Z",
         *       "expires_at": "2027-03-02T09:15:00Z",
         *       "id": 3,
         *       "key": "csk_4Q7dtR2m9xLwZs0aB1cD2eF3gH4",
         *       "name": "nightly scoring",
         *       "role": "analyst",
         *       "scopes": [
         *         "read",
         *         "score"
         *       ],
         *       "start": "csk_4Q7dtR"
         *     }
         */
        NewKey: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Expires At */
            expires_at: string | null;
            /** Id */
            id: number;
            /** Key */
            key: string;
            /** Last Used At */
            last_used_at: string | null;
            /** Name */
            name: string;
            /**
             * Role
             * @enum {string}
             */
            role: "user" | "analyst" | "admin";
            /** Scopes */
            scopes: ("read" | "score" | "manage")[];
            /** Start */
            start: string;
        };
        /**
         * NextOrderOut
         * @description Time to the next order; customers who have not ordered again yet are counted as waiting.
         * @example {
         *       "as_of": "2026-06-30",
         *       "snapshot_id": 1,
         *       "steps": [
         *         {
         *           "after": 1,
         *           "curve": [
         *             [
         *               1,
         *               0.01
         *             ],
         *             [
         *               30,
         *               0.21
         *             ],
         *             [
         *               96,
         *               0.5
         *             ]
         *           ],
         *           "median_days": 96,
         *           "or_later": false,
         *           "ordered_again": 402,
         *           "waits": 812,
         *           "within": [
         *             {
         *               "days": 30,
         *               "share": 0.21
         *             }
         *           ]
         *         }
         *       ]
         *     }
         */
        NextOrderOut: {
            /**
             * As Of
             * Format: date
             */
            as_of: string;
            /** Snapshot Id */
            snapshot_id: number;
            /** Steps */
            steps: components["schemas"]["NextOrderStep"][];
        };
        /**
         * NextOrderStep
         * @description Customers after their first order, their second, or (`or_later`) any from the third on.
         *
         *     `waits` counts orders that were watched, `ordered_again` those that another followed. `curve`
         *     has days and the share expected to have ordered again by then.
         */
        NextOrderStep: {
            /** After */
            after: number;
            /** Curve */
            curve: number[][];
            /** Median Days */
            median_days: number | null;
            /** Or Later */
            or_later: boolean;
            /** Ordered Again */
            ordered_again: number;
            /** Waits */
            waits: number;
            /** Within */
            within: components["schemas"]["WithinDays"][];
        };
        /**
         * OneTimePassword
         * @example {
         *       "one_time_password": "4Q7d-tR2m_9xLwZs",
         *       "username": "maria"
         *     }
         */
        OneTimePassword: {
            /** One Time Password */
            one_time_password: string;
            /** Username */
            username: string;
        };
        /** OrderFileOut */
        OrderFileOut: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Filename */
            filename: string;
            /** Id */
            id: number;
            /** N Lines */
            n_lines: number;
            /** Size Bytes */
            size_bytes: number;
        };
        /** OrderNote */
        OrderNote: {
            /** Code */
            code: string;
            /** Message */
            message: string;
        };
        /**
         * OrderProblem
         * @description What keeps the orders from being used; `field` is what to give by `PATCH`.
         */
        OrderProblem: {
            /** Code */
            code: string;
            /** Field */
            field: string;
            /** Message */
            message: string;
        };
        /** OrderSettings */
        OrderSettings: {
            /** Currency */
            currency: string | null;
            /** Date Order */
            date_order: ("day_first" | "month_first") | null;
            /**
             * Returns
             * @enum {string}
             */
            returns: "net" | "separate" | "ignore";
            /** Time Zone */
            time_zone: string | null;
        };
        /**
         * OrdersOut
         * @description `ledger` is `null` while there are `problems`.
         * @example {
         *       "columns": [
         *         "customer_id",
         *         "order_date",
         *         "amount"
         *       ],
         *       "created_at": "2026-07-01T09:12:00Z",
         *       "filename": "orders.csv",
         *       "files": [],
         *       "id": 1,
         *       "n_lines": 2400,
         *       "notes": [],
         *       "preview": [
         *         {
         *           "amount": 25.5,
         *           "customer_id": "C000",
         *           "order_date": "2026-01-31"
         *         }
         *       ],
         *       "problems": [
         *         {
         *           "code": "role_missing",
         *           "field": "roles.date",
         *           "message": "No column was recognised as the date; name it."
         *         }
         *       ],
         *       "roles": [
         *         {
         *           "column": "customer_id",
         *           "confidence": "high",
         *           "reason": "'customer_id' is named like it, and its values agree.",
         *           "role": "customer"
         *         }
         *       ],
         *       "settings": {
         *         "returns": "net"
         *       },
         *       "snapshots": [],
         *       "updated_at": "2026-07-01T09:12:00Z",
         *       "user_id": 7
         *     }
         */
        OrdersOut: {
            /** Columns */
            columns: string[];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Filename */
            filename: string;
            /** Files */
            files: components["schemas"]["OrderFileOut"][];
            /** Id */
            id: number;
            ledger: components["schemas"]["LedgerOut"] | null;
            /** N Lines */
            n_lines: number;
            /** Notes */
            notes: components["schemas"]["OrderNote"][];
            /** Preview */
            preview: {
                [key: string]: unknown;
            }[];
            /** Problems */
            problems: components["schemas"]["OrderProblem"][];
            /** Roles */
            roles: components["schemas"]["RoleOut"][];
            settings: components["schemas"]["OrderSettings"];
            /** Snapshots */
            snapshots: components["schemas"]["SnapshotOut"][];
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** User Id */
            user_id: number;
        };
        /**
         * OrdersSummary
         * @example {
         *       "created_at": "2026-07-01T09:12:00Z",
         *       "filename": "orders.csv",
         *       "id": 1,
         *       "n_lines": 2400,
         *       "updated_at": "2026-07-01T09:12:00Z",
         *       "user_id": 7
         *     }
         */
        OrdersSummary: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Filename */
            filename: string;
            /** Id */
            id: number;
            /** N Lines */
            n_lines: number;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** User Id */
            user_id: number;
        };
        /**
         * OrdersUpdate
         * @description What the owner knows better. What is left out stays as it is.
         * @example {
         *       "returns": "net",
         *       "roles": {
         *         "category": "Department"
         *       }
         *     }
         */
        OrdersUpdate: {
            /**
             * Currency
             * @description The one currency whose lines count
             */
            currency?: string | null;
            /**
             * Date Order
             * @description For dates such as 03/04/2026
             */
            date_order?: ("day_first" | "month_first") | null;
            /**
             * Returns
             * @default net
             * @enum {string}
             */
            returns: "net" | "separate" | "ignore";
            /**
             * Roles
             * @description Role to column; `null` where no column has the role
             */
            roles?: {
                [key: string]: string | null;
            };
            /**
             * Time Zone
             * @description Times are in UTC, and days are those of this zone
             */
            time_zone?: string | null;
        };
        /**
         * OverdueBand
         * @description Customers whose last order is so many of their own usual gaps ago; `most` is exclusive.
         *
         *     `customers_then` were so at the record's date, and `left_then` of them did not order again.
         */
        OverdueBand: {
            /** Customers */
            customers: number;
            /** Customers Then */
            customers_then: number | null;
            /** Least */
            least: number;
            /** Left Then */
            left_then: number | null;
            /** Most */
            most: number | null;
            /** Share Left */
            share_left: number | null;
        };
        /**
         * PlacedCustomerOut
         * @description `customer` has the columns that the version used, as they were understood.
         * @example {
         *       "at": "2026-03-02T09:15:00Z",
         *       "by": "maria",
         *       "confidence": 77,
         *       "customer": {
         *         "age": 34,
         *         "annual_income": 65.5
         *       },
         *       "id": 15,
         *       "segment": 0,
         *       "segment_name": "Our best",
         *       "version": 2
         *     }
         */
        PlacedCustomerOut: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** By */
            by: string;
            /** Confidence */
            confidence: number | null;
            /** Customer */
            customer: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            /** Id */
            id: number;
            /** Segment */
            segment: number;
            /** Segment Name */
            segment_name: string;
            /** Version */
            version: number;
        };
        /**
         * PlacedOut
         * @description `segment` is -1 in no segment, as for noise; `lasting_id` is the same over versions.
         */
        PlacedOut: {
            /** Confidence */
            confidence: number | null;
            /** Lasting Id */
            lasting_id: number | null;
            /** Outlier */
            outlier: boolean;
            /**
             * Probability
             * @description Calibrated chance that the customer belongs to this segment: of those given 0.7 to 0.8, 70 to 80% do. Null in no segment, and where it is not known.
             */
            probability: number | null;
            /** Role */
            role: ("core" | "border" | "noise") | null;
            /** Row */
            row: number;
            /** Segment */
            segment: number;
            /** Segment Name */
            segment_name: string;
        };
        /**
         * PlacementForm
         * @description What a customer needs to be placed in a version.
         * @example {
         *       "columns": [
         *         {
         *           "choices": [],
         *           "high": 137,
         *           "kind": "number",
         *           "low": 15,
         *           "name": "annual_income",
         *           "typical": 61.5,
         *           "unit": "k$"
         *         }
         *       ],
         *       "identifier": "customer_id",
         *       "version": 2
         *     }
         */
        PlacementForm: {
            /** Columns */
            columns: components["schemas"]["FormColumn"][];
            /** Identifier */
            identifier: string | null;
            /** Version */
            version: number;
        };
        /** PlacementOut */
        PlacementOut: {
            /** Cluster */
            cluster: number;
            /** Cluster Name */
            cluster_name: string;
            /** Confidence */
            confidence: number | null;
            /** Outlier */
            outlier: boolean;
            /**
             * Probability
             * @description Calibrated chance that the customer belongs to this segment: of those given 0.7 to 0.8, 70 to 80% do. Null in no segment, and where it is not known.
             */
            probability: number | null;
            /** Role */
            role: ("core" | "border" | "noise") | null;
            /** Row */
            row: number;
        };
        /**
         * PlacementsOut
         * @description `rule` is how rows that the run did not have were placed; those it had keep their segments.
         *
         *     It is the nearest center, the nearest row or rows, or the dense region within reach; the
         *     run's `placement` says how well it agrees with the run. `cluster` is -1 in no segment.
         *
         *     `warnings` list missing numbers, which the run's median fills, and of unseen categories.
         * @example {
         *       "cautions": [
         *         {
         *           "code": "blank_number",
         *           "message": "age: 1 blank where a number is expected, first at row 1"
         *         }
         *       ],
         *       "n_rows": 1,
         *       "placements": [
         *         {
         *           "cluster": 0,
         *           "cluster_name": "Higher income",
         *           "confidence": 77,
         *           "outlier": false,
         *           "probability": 0.98,
         *           "row": 1
         *         }
         *       ],
         *       "rule": "nearest_center",
         *       "run_id": 8,
         *       "warnings": [
         *         "age: 1 blank where a number is expected, first at row 1"
         *       ]
         *     }
         */
        PlacementsOut: {
            /** Cautions */
            cautions: components["schemas"]["CautionOut"][];
            /** N Rows */
            n_rows: number;
            /** Placements */
            placements: components["schemas"]["PlacementOut"][];
            /**
             * Rule
             * @enum {string}
             */
            rule: "nearest_center" | "nearest_row" | "nearest_rows" | "density";
            /** Run Id */
            run_id: number;
            /** Warnings */
            warnings: string[];
        };
        /**
         * Points
         * @description Training customers for a map, one list per column; `cluster` has their segment ids.
         * @example {
         *       "age": [
         *         34,
         *         57
         *       ],
         *       "annual_income": [
         *         65.5,
         *         21
         *       ],
         *       "cluster": [
         *         2,
         *         0
         *       ],
         *       "n_customers": 2,
         *       "purchase_frequency": [
         *         18,
         *         4
         *       ],
         *       "spending_score": [
         *         72,
         *         18
         *       ],
         *       "version": 3
         *     }
         */
        Points: {
            /** Age */
            age: number[];
            /** Annual Income */
            annual_income: number[];
            /** Cluster */
            cluster: number[];
            /** N Customers */
            n_customers: number;
            /** Purchase Frequency */
            purchase_frequency: number[];
            /** Spending Score */
            spending_score: number[];
            /** Version */
            version: number;
        };
        /**
         * Prediction
         * @example {
         *       "cluster": 2,
         *       "cluster_name": "High Value Customers",
         *       "confidence": 81,
         *       "customer_data": {
         *         "age": 34,
         *         "annual_income": 65.5,
         *         "purchase_frequency": 18,
         *         "sex": "Female",
         *         "spending_score": 72
         *       },
         *       "distances": [
         *         2.71,
         *         3.9,
         *         0.62,
         *         3.14,
         *         3.35
         *       ],
         *       "model_version": 3,
         *       "outlier": false,
         *       "probability": 0.99
         *     }
         */
        Prediction: {
            /** Cluster */
            cluster: number;
            /** Cluster Name */
            cluster_name: string;
            /** Confidence */
            confidence: number;
            customer_data: components["schemas"]["Customer"];
            /** Distances */
            distances: number[];
            /** Model Version */
            model_version: number;
            /** Outlier */
            outlier: boolean;
            /**
             * Probability
             * @description Calibrated chance that the customer belongs to this segment: of those given 0.7 to 0.8, 70 to 80% do. Null in no segment, and where it is not known.
             */
            probability: number | null;
        };
        /**
         * ProfileCreate
         * @example {
         *       "age": 34,
         *       "annual_income": 65.5,
         *       "name": "Regular at the corner shop",
         *       "notes": "",
         *       "purchase_frequency": 18,
         *       "sex": "Female",
         *       "spending_score": 72
         *     }
         */
        ProfileCreate: {
            /** Age */
            age?: number | null;
            /** Annual Income */
            annual_income?: number | null;
            /** Name */
            name: string;
            /** Notes */
            notes?: string | null;
            /** Purchase Frequency */
            purchase_frequency?: number | null;
            /** Sex */
            sex?: ("Male" | "Female") | null;
            /** Spending Score */
            spending_score?: number | null;
        };
        /**
         * ProfileOut
         * @example {
         *       "age": 34,
         *       "annual_income": 65.5,
         *       "created_at": "2026-03-02T09:15:00Z",
         *       "id": 4,
         *       "name": "Regular at the corner shop",
         *       "notes": "",
         *       "purchase_frequency": 18,
         *       "sex": "Female",
         *       "spending_score": 72,
         *       "updated_at": "2026-03-02T09:15:00Z",
         *       "user_id": 7
         *     }
         */
        ProfileOut: {
            /** Age */
            age: number | null;
            /** Annual Income */
            annual_income: number | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Id */
            id: number;
            /** Name */
            name: string;
            /** Notes */
            notes: string | null;
            /** Purchase Frequency */
            purchase_frequency: number | null;
            /** Sex */
            sex: string | null;
            /** Spending Score */
            spending_score: number | null;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** User Id */
            user_id: number;
        };
        /**
         * ProfileUpdate
         * @example {
         *       "spending_score": 80
         *     }
         */
        ProfileUpdate: {
            /** Age */
            age?: number | null;
            /** Annual Income */
            annual_income?: number | null;
            /** Name */
            name?: string | null;
            /** Notes */
            notes?: string | null;
            /** Purchase Frequency */
            purchase_frequency?: number | null;
            /** Sex */
            sex?: ("Male" | "Female") | null;
            /** Spending Score */
            spending_score?: number | null;
        };
        /** ProjectedCustomer */
        ProjectedCustomer: {
            /** Cluster */
            cluster: number;
            /** Customer Id */
            customer_id: string;
            /** Row */
            row: number;
            /** X */
            x: number;
            /** Y */
            y: number;
        };
        /**
         * ProjectionOut
         * @description Two principal components of sampled customers, and the variance each explains.
         * @example {
         *       "explained_variance": [
         *         0.52,
         *         0.21
         *       ],
         *       "n_samples": 400,
         *       "n_shown": 1,
         *       "points": [
         *         {
         *           "cluster": 0,
         *           "customer_id": "C001",
         *           "row": 1,
         *           "x": 1.2,
         *           "y": -0.4
         *         }
         *       ],
         *       "run_id": 8
         *     }
         */
        ProjectionOut: {
            /** Explained Variance */
            explained_variance: number[];
            /** N Samples */
            n_samples: number;
            /** N Shown */
            n_shown: number;
            /** Points */
            points: components["schemas"]["ProjectedCustomer"][];
            /** Run Id */
            run_id: number;
        };
        /**
         * Readiness
         * @example {
         *       "database": true,
         *       "detail": "Ready",
         *       "disk": true,
         *       "model": true,
         *       "schema_revision": true,
         *       "status": "ready",
         *       "threads": true,
         *       "workers": true
         *     }
         */
        Readiness: {
            /** Database */
            database: boolean;
            /** Detail */
            detail: string;
            /** Disk */
            disk: boolean;
            /** Model */
            model: boolean;
            /** Schema Revision */
            schema_revision: boolean;
            /**
             * Status
             * @enum {string}
             */
            status: "ready" | "not ready";
            /** Threads */
            threads: boolean;
            /** Workers */
            workers: boolean;
        };
        /**
         * ReadOverrides
         * @description Overrides of how the file is read; anything omitted is detected.
         * @example {
         *       "kinds": {
         *         "Region": "categorical",
         *         "ZIP": "identifier"
         *       }
         *     }
         */
        ReadOverrides: {
            /** As Written */
            as_written?: string[] | null;
            /**
             * Date Orders
             * @description Column name to the order of day and month, where it is known
             */
            date_orders?: {
                [key: string]: ("dmy" | "mdy") | null;
            };
            /** Decimal */
            decimal?: ("." | ",") | null;
            /**
             * Decimals
             * @description Column name to decimal mark, for columns that differ from the others
             */
            decimals?: {
                [key: string]: ("." | ",") | null;
            };
            /** Delimiter */
            delimiter?: string | null;
            /** Drop Duplicates */
            drop_duplicates?: boolean | null;
            /** Encoding */
            encoding?: string | null;
            /** Fill Down */
            fill_down?: string[] | null;
            /**
             * Forms
             * @description Column name to what its texts count, where they are durations, or to `time of day`, `ordinal`, `signs`
             */
            forms?: {
                [key: string]: ("seconds" | "minutes" | "hours" | "days" | "weeks" | "months" | "years" | "time of day" | "inches" | "grade" | "ordinal" | "signs" | "capped") | null;
            };
            /** Has Header */
            has_header?: boolean | null;
            /** Header Row */
            header_row?: number | null;
            /**
             * Kinds
             * @description Column name to kind; `null` to detect it again
             */
            kinds?: {
                [key: string]: ("identifier" | "numeric" | "categorical" | "date" | "free_text" | "constant") | null;
            };
            /**
             * Marks
             * @description Column name to the numbers or texts that mean a missing value; an empty list means that none do
             */
            marks?: {
                [key: string]: (number | string)[] | null;
            };
            /**
             * Newest Years
             * @description Column name to the latest year that two digits mean
             */
            newest_years?: {
                [key: string]: number | null;
            };
            /** One Row Is */
            one_row_is?: ("customer" | "order" | "order_line" | "event" | "customer_month" | "item") | null;
            /** Quotechar */
            quotechar?: string | null;
            /** Sheet */
            sheet?: string | null;
            /** Skip Rows */
            skip_rows?: (number | number[]) | null;
            /**
             * Suffixes
             * @description Column name to what follows its numbers and what that multiplies them by: `{"revenue": {"Cr": 10000000}, "age": {"months": 0.0833}}`; an empty suffix means numbers with nothing after them
             */
            suffixes?: {
                [key: string]: {
                    [key: string]: number;
                } | null;
            };
            /** Thousands */
            thousands?: string | null;
        };
        /**
         * RecipeOut
         * @description `sentence` says what the automatic way would do differently.
         */
        RecipeOut: {
            /** Name */
            name: string;
            /** Sentence */
            sentence: string;
            /** Values */
            values: {
                [key: string]: components["schemas"]["JsonValue"];
            };
        };
        /**
         * RecommendationDetail
         * @description One recommendation in its parts; for all customers if `clusterId` is null.
         */
        RecommendationDetail: {
            /** Action */
            action: string;
            /** Clusterid */
            clusterId: number | null;
            /** Clustername */
            clusterName: string | null;
            /** Reason */
            reason: string;
        };
        /**
         * Recommendations
         * @example {
         *       "details": [
         *         {
         *           "action": "Target \"Higher income\" with premium offers",
         *           "clusterId": 0,
         *           "clusterName": "Higher income",
         *           "reason": "Their income is far above the others'"
         *         }
         *       ],
         *       "recommendations": [
         *         "Target \"Higher income\" with premium offers"
         *       ]
         *     }
         */
        Recommendations: {
            /** Details */
            details: components["schemas"]["RecommendationDetail"][];
            /** Recommendations */
            recommendations: string[];
        };
        /**
         * RecordEntry
         * @description `by` is null for an account that is gone; `segment` is a `lasting_id`.
         * @example {
         *       "at": "2026-03-02T09:15:00Z",
         *       "by": "maria",
         *       "change": "segment_changed",
         *       "fields": [
         *         "name"
         *       ],
         *       "segment": 4
         *     }
         */
        RecordEntry: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** By */
            by: string | null;
            /**
             * Change
             * @enum {string}
             */
            change: "trained" | "activated" | "renamed" | "described" | "shared" | "segment_changed" | "deleted";
            /** Fields */
            fields: string[];
            /** Segment */
            segment: number | null;
            /** Version */
            version: number | null;
            /** Visibility */
            visibility: ("private" | "team") | null;
        };
        /**
         * RFMCell
         * @description A cell of recency and frequency; it has several `segments` where money divides it.
         *
         *     `segment` is the one that takes in most of its scores of money.
         */
        RFMCell: {
            /** Customers */
            customers: number;
            /** Frequency */
            frequency: number;
            /** Money */
            money: number | null;
            /** Orders */
            orders: number;
            /** Recency */
            recency: number;
            /** Segment */
            segment: string;
            /** Segments */
            segments: string[];
        };
        /**
         * RFMCube
         * @description A cell of all three scores that holds customers.
         */
        RFMCube: {
            /** Customers */
            customers: number;
            /** Frequency */
            frequency: number;
            /** Monetary */
            monetary: number;
            /** Money */
            money: number;
            /** Orders */
            orders: number;
            /** Recency */
            recency: number;
            /** Segment */
            segment: string;
        };
        /** RFMCustomer */
        RFMCustomer: {
            /** Customer Id */
            customer_id: string;
            /** Frequency */
            frequency: number;
            /** Monetary */
            monetary: number;
            /** Money */
            money: number | null;
            /** Orders */
            orders: number;
            /** Recency */
            recency: number;
            /** Recency Days */
            recency_days: number;
            /** Segment */
            segment: string;
        };
        /**
         * RFMCustomers
         * @example {
         *       "customers": [
         *         {
         *           "customer_id": "C000",
         *           "frequency": 4,
         *           "monetary": 4,
         *           "money": 310.5,
         *           "orders": 6,
         *           "recency": 5,
         *           "recency_days": 3,
         *           "segment": "Champions"
         *         }
         *       ],
         *       "total": 118
         *     }
         */
        RFMCustomers: {
            /** Customers */
            customers: components["schemas"]["RFMCustomer"][];
            /** Total */
            total: number;
        };
        /**
         * RFMOut
         * @description `cut_points_of` is the snapshot whose fifths the scores are; `null` for the owner's own.
         *
         *     `grid` has the 25 cells of recency and frequency; `cube` those of all three scores that hold
         *     customers, and nothing where orders have no amounts.
         * @example {
         *       "as_of": "2026-06-30",
         *       "cube": [
         *         {
         *           "customers": 64,
         *           "frequency": 5,
         *           "monetary": 5,
         *           "money": 33020.1,
         *           "orders": 512,
         *           "recency": 5,
         *           "segment": "Champions"
         *         }
         *       ],
         *       "cut_points": [
         *         {
         *           "edges": [
         *             14,
         *             40,
         *             95,
         *             210
         *           ],
         *           "empty_scores": [],
         *           "figure": "recency",
         *           "highest_scores": "smallest",
         *           "unit": "days"
         *         }
         *       ],
         *       "cut_points_of": 1,
         *       "grid": [
         *         {
         *           "customers": 81,
         *           "frequency": 5,
         *           "money": 35100.2,
         *           "orders": 590,
         *           "recency": 5,
         *           "segment": "Champions",
         *           "segments": [
         *             "Champions"
         *           ]
         *         }
         *       ],
         *       "n_customers": 812,
         *       "segments": [
         *         {
         *           "customers": 118,
         *           "money": 41210.5,
         *           "name": "Champions",
         *           "orders": 731,
         *           "share": 0.145
         *         }
         *       ],
         *       "snapshot_id": 2
         *     }
         */
        RFMOut: {
            /**
             * As Of
             * Format: date
             */
            as_of: string;
            /** Cube */
            cube: components["schemas"]["RFMCube"][];
            /** Currency */
            currency: string | null;
            /** Cut Points */
            cut_points: components["schemas"]["CutPointsOut"][];
            /** Cut Points Of */
            cut_points_of: number | null;
            /** Grid */
            grid: components["schemas"]["RFMCell"][];
            /** N Customers */
            n_customers: number;
            /** Segments */
            segments: components["schemas"]["RFMSegment"][];
            /** Snapshot Id */
            snapshot_id: number;
        };
        /** RFMRuleOut */
        RFMRuleOut: {
            /** Frequency */
            frequency: number[];
            /** Monetary */
            monetary: number[];
            /** Name */
            name: string;
            /** Recency */
            recency: number[];
        };
        /**
         * RFMRules
         * @description How customers of these orders are scored and named.
         *
         *     `cut_points` is `null` where those of the first snapshot are kept; `segments_are` says whether
         *     the segments are those of the program and its `RFM_RULES_FILE`, or yours.
         * @example {
         *       "segments": [
         *         {
         *           "frequency": [
         *             4,
         *             5
         *           ],
         *           "monetary": [
         *             1,
         *             5
         *           ],
         *           "name": "Champions",
         *           "recency": [
         *             5,
         *             5
         *           ]
         *         }
         *       ],
         *       "segments_are": "default"
         *     }
         */
        RFMRules: {
            cut_points: components["schemas"]["CutPointsGiven"] | null;
            /** Segments */
            segments: components["schemas"]["RFMRuleOut"][];
            /**
             * Segments Are
             * @enum {string}
             */
            segments_are: "default" | "given";
        };
        /**
         * RFMRulesUpdate
         * @description Own cut points and own segments; `null` goes back to the program's.
         * @example {
         *       "cut_points": {
         *         "frequency": [
         *           1,
         *           2,
         *           4,
         *           8
         *         ],
         *         "monetary": [
         *           50,
         *           150,
         *           400,
         *           1000
         *         ],
         *         "recency": [
         *           30,
         *           90,
         *           180,
         *           365
         *         ]
         *       }
         *     }
         */
        RFMRulesUpdate: {
            cut_points?: components["schemas"]["GivenCutPoints"] | null;
            /** Segments */
            segments?: components["schemas"]["RuleIn"][] | null;
        };
        /** RFMSegment */
        RFMSegment: {
            /** Customers */
            customers: number;
            /** Money */
            money: number | null;
            /** Name */
            name: string;
            /** Orders */
            orders: number;
            /** Share */
            share: number;
        };
        /** RoleCounts */
        RoleCounts: {
            /** Admin */
            admin: number;
            /** Analyst */
            analyst: number;
            /** User */
            user: number;
        };
        /** RoleOut */
        RoleOut: {
            /** Column */
            column: string;
            /**
             * Confidence
             * @enum {string}
             */
            confidence: "high" | "medium" | "low" | "given";
            /** Reason */
            reason: string;
            /**
             * Role
             * @enum {string}
             */
            role: "customer" | "date" | "order" | "amount" | "quantity" | "price" | "product" | "product_name" | "category" | "currency" | "status";
        };
        /**
         * RoleUpdate
         * @example {
         *       "role": "analyst"
         *     }
         */
        RoleUpdate: {
            /**
             * Role
             * @enum {string}
             */
            role: "user" | "analyst" | "admin";
        };
        /**
         * RuleIn
         * @description A segment, with the lowest and highest scores in it; any money where none is given.
         */
        RuleIn: {
            /** Frequency */
            frequency: number[];
            /** Monetary */
            monetary?: number[];
            /** Name */
            name: string;
            /** Recency */
            recency: number[];
        };
        /**
         * RuleOut
         * @description A segment as a rule; precision and recall are measured on held-out rows.
         *
         *     `sql` is a condition for WHERE, in SQLite and in PostgreSQL: for posted records on a table that
         *     holds them as they were posted, text as text; otherwise on the table as it was read, numbers as
         *     numbers, all else as text, and missing values as NULL. `true` and `false` may be stored as
         *     text, as booleans or as 1 and 0.
         */
        RuleOut: {
            /** Cluster */
            cluster: number;
            /** Precision */
            precision: number;
            /** Recall */
            recall: number;
            /** Size */
            size: number;
            /** Sql */
            sql: string;
            /** Text */
            text: string;
        };
        /**
         * RunComparison
         * @description Two runs of a table; customers in no segment are the last row or column, `Noise`.
         *
         *     `refinement` says that each segment of the one run is a part of one of the other's.
         * @example {
         *       "adjusted_rand_index": 0.91,
         *       "against": 7,
         *       "columns": [
         *         "High Value Customers",
         *         "Loyal Customers"
         *       ],
         *       "dataset_id": 1,
         *       "matrix": [
         *         [
         *           388,
         *           12
         *         ]
         *       ],
         *       "n_customers": 400,
         *       "n_moved": 12,
         *       "rows": [
         *         "High Value Customers"
         *       ],
         *       "run_id": 8,
         *       "segments": [
         *         {
         *           "change": "kept",
         *           "new_id": 2,
         *           "new_name": "High Value Customers",
         *           "old_id": 2,
         *           "old_name": "High Value Customers",
         *           "overlap": 0.94
         *         }
         *       ],
         *       "sentence": "12 of 400 customers (3%) change their segment.",
         *       "share_moved": 0.03
         *     }
         */
        RunComparison: {
            /** Adjusted Rand Index */
            adjusted_rand_index: number;
            /** Against */
            against: number;
            /** Columns */
            columns: string[];
            /** Dataset Id */
            dataset_id: number;
            /** Matrix */
            matrix: number[][];
            /** N Customers */
            n_customers: number;
            /** N Moved */
            n_moved: number;
            /** Refinement */
            refinement: ("split" | "merged") | null;
            /** Rows */
            rows: string[];
            /** Run Id */
            run_id: number;
            /** Segments */
            segments: components["schemas"]["SegmentChange"][];
            /** Sentence */
            sentence: string;
            /** Share Moved */
            share_moved: number;
        };
        /**
         * RunOut
         * @description `method` is `exact` or `two_step` for a tree; noise is in no cluster's size.
         *
         *     `algorithm` is the one that was taken, and `recipe` how the table was prepared. `data_changed`
         *     says that the dataset was read or made again since; the run keeps the rows it was made of.
         * @example {
         *       "algorithm": "hierarchical",
         *       "cautions": [],
         *       "cluster_names": [
         *         "Higher income",
         *         "Lower income"
         *       ],
         *       "cluster_sizes": [
         *         180,
         *         220
         *       ],
         *       "columns": [
         *         "age",
         *         "region"
         *       ],
         *       "created_at": "2026-03-02T09:15:00Z",
         *       "created_by": "maria",
         *       "data_changed": false,
         *       "dataset": "customers.csv",
         *       "dataset_id": 1,
         *       "degenerate": false,
         *       "details": {},
         *       "explained_variance": [],
         *       "inertia": 512.3,
         *       "left_out": {
         *         "customer_id": "identifier"
         *       },
         *       "linkage": "ward",
         *       "method": "exact",
         *       "n_clusters": 2,
         *       "n_clusters_requested": "auto",
         *       "n_encoded_features": 3,
         *       "n_features": 3,
         *       "n_noise": 0,
         *       "n_samples": 400,
         *       "placement": {
         *         "agreement": 0.97,
         *         "rule": "nearest_rows"
         *       },
         *       "reason": "Hierarchical (Ward) with 2 segments: the algorithm was requested.",
         *       "recipe": {
         *         "name": "contract",
         *         "sentence": "Named options follow the contract.",
         *         "values": {
         *           "algorithm": "hierarchical",
         *           "linkage": "ward"
         *         }
         *       },
         *       "run_id": 8,
         *       "segmentation_id": 3,
         *       "silhouette_sample_size": 400,
         *       "silhouette_score": 0.48,
         *       "transform": "none",
         *       "use_pca": false,
         *       "version": 2,
         *       "visibility": "private",
         *       "warnings": []
         *     }
         */
        RunOut: {
            /** Accuracy */
            accuracy: number | null;
            /** Algorithm */
            algorithm: ("auto" | "hierarchical" | "kmeans" | "dbscan" | "hdbscan") | ("mixture" | "regions");
            /** Cautions */
            cautions: components["schemas"]["CautionOut"][];
            /** Cluster Names */
            cluster_names: string[];
            /** Cluster Sizes */
            cluster_sizes: number[];
            /** Columns */
            columns: string[];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Data Changed */
            data_changed: boolean;
            /** Dataset */
            dataset: string;
            /** Dataset Id */
            dataset_id: number;
            /** Degenerate */
            degenerate: boolean;
            /** Details */
            details: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            /** Explained Variance */
            explained_variance: number[];
            /** Feature Importance */
            feature_importance: {
                [key: string]: number;
            } | null;
            /** Inertia */
            inertia: number;
            /** Left Out */
            left_out: {
                [key: string]: string;
            };
            /** Linkage */
            linkage: ("ward" | "complete" | "average" | "single") | null;
            /** Method */
            method: string | null;
            /** N Clusters */
            n_clusters: number;
            /** N Clusters Requested */
            n_clusters_requested: number | "auto" | null;
            /** N Encoded Features */
            n_encoded_features: number;
            /** N Features */
            n_features: number;
            /** N Noise */
            n_noise: number;
            /** N Samples */
            n_samples: number;
            placement: components["schemas"]["MembershipOut"] | null;
            /** Reason */
            reason: string | null;
            recipe: components["schemas"]["RecipeOut"];
            /** Run Id */
            run_id: number;
            /** Segmentation Id */
            segmentation_id: number;
            /** Silhouette Sample Size */
            silhouette_sample_size: number | null;
            /** Silhouette Score */
            silhouette_score: number | null;
            structure: components["schemas"]["StructureOut"] | null;
            sweep: components["schemas"]["SweepOut"] | null;
            /** Transform */
            transform: string;
            /** Use Pca */
            use_pca: boolean;
            validation: components["schemas"]["ValidationOut"] | null;
            /** Version */
            version: number;
            /**
             * Visibility
             * @enum {string}
             */
            visibility: "private" | "team";
            /** Warnings */
            warnings: string[];
        };
        /**
         * RunRequest
         * @description `n_clusters` may be `"auto"`: the valid split with the highest silhouette.
         *
         *     With `algorithm: "auto"` the columns, the preparation, the algorithm and the number of segments
         *     are chosen as for `/api/analyze`; `relevance`, `extremes`, `blanks`, `sparse`, `redundancy`,
         *     `projection` and `category_weight` switch single decisions. An option that is null is as if not
         *     given.
         *
         *     The run is a version of the segmentation `segmentation_id`, or of a new one called `name`;
         *     without either, of the one that is named after the table.
         * @example {
         *       "dataset_id": 1,
         *       "linkage": "ward",
         *       "n_clusters": 5,
         *       "use_pca": false
         *     }
         */
        RunRequest: {
            /**
             * Algorithm
             * @default hierarchical
             */
            algorithm: ("auto" | "hierarchical" | "kmeans" | "dbscan" | "hdbscan") | null;
            /** Blanks */
            blanks?: ("median" | "neighbours") | null;
            /**
             * Categorical Limit
             * @default 20
             */
            categorical_limit: number | null;
            /** Category Weight */
            category_weight?: number | null;
            /** Columns */
            columns?: string[] | null;
            /** Dataset Id */
            dataset_id: number;
            /** Derived */
            derived?: ("none" | "usual") | null;
            /** Eps */
            eps?: number | null;
            /** Exclude */
            exclude?: string[] | null;
            /** Extremes */
            extremes?: ("keep" | "fences") | null;
            /**
             * Linkage
             * @default ward
             */
            linkage: ("ward" | "complete" | "average" | "single") | null;
            /** Min Cluster Size */
            min_cluster_size?: number | null;
            /** Min Samples */
            min_samples?: number | null;
            /** N Clusters */
            n_clusters?: number | "auto" | null;
            /** Name */
            name?: string | null;
            /** One Row Is */
            one_row_is?: ("customer" | "order" | "order_line" | "event" | "customer_month" | "item") | null;
            /**
             * Pca Components
             * @default 2
             */
            pca_components: number | null;
            /** Projection */
            projection?: ("none" | "auto") | null;
            /** Redundancy */
            redundancy?: ("keep" | "once") | null;
            /** Relevance */
            relevance?: ("all" | "related") | null;
            /** Segmentation Id */
            segmentation_id?: number | null;
            /** Sparse */
            sparse?: ("keep" | "aside") | null;
            /**
             * Transform
             * @default none
             */
            transform: ("none" | "log" | "auto") | null;
            /**
             * Use Pca
             * @default false
             */
            use_pca: boolean | null;
            /**
             * Validate
             * @description Also compute stability, certainty and rules
             * @default false
             */
            validate: boolean | null;
        };
        /**
         * SavedUserOut
         * @description An account as it was saved; `warnings` says what production would refuse.
         * @example {
         *       "created_at": "2026-03-02T09:15:00Z",
         *       "email": "maria@example.com",
         *       "full_name": "Maria Keller",
         *       "id": 7,
         *       "is_active": true,
         *       "must_change_password": false,
         *       "role": "user",
         *       "updated_at": "2026-03-02T09:15:00Z",
         *       "username": "maria",
         *       "warnings": []
         *     }
         */
        SavedUserOut: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Email */
            email: string;
            /** Full Name */
            full_name: string | null;
            /** Id */
            id: number;
            /** Is Active */
            is_active: boolean;
            /** Must Change Password */
            must_change_password: boolean;
            /**
             * Role
             * @enum {string}
             */
            role: "user" | "analyst" | "admin";
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Username */
            username: string;
            /** Warnings */
            warnings: string[];
        };
        /**
         * SegmentationCreate
         * @description What is not said is chosen automatically, as by `algorithm: "auto"` for a run.
         * @example {
         *       "dataset_id": 1,
         *       "name": "Shop customers"
         *     }
         */
        SegmentationCreate: {
            /**
             * Algorithm
             * @default auto
             */
            algorithm: ("auto" | "hierarchical" | "kmeans" | "dbscan" | "hdbscan") | null;
            /** Blanks */
            blanks?: ("median" | "neighbours") | null;
            /**
             * Categorical Limit
             * @default 20
             */
            categorical_limit: number | null;
            /** Category Weight */
            category_weight?: number | null;
            /** Columns */
            columns?: string[] | null;
            /** Dataset Id */
            dataset_id: number;
            /** Derived */
            derived?: ("none" | "usual") | null;
            /** Description */
            description?: string | null;
            /** Eps */
            eps?: number | null;
            /** Exclude */
            exclude?: string[] | null;
            /** Extremes */
            extremes?: ("keep" | "fences") | null;
            /**
             * Linkage
             * @default ward
             */
            linkage: ("ward" | "complete" | "average" | "single") | null;
            /** Min Cluster Size */
            min_cluster_size?: number | null;
            /** Min Samples */
            min_samples?: number | null;
            /** N Clusters */
            n_clusters?: number | "auto" | null;
            /** Name */
            name: string;
            /** One Row Is */
            one_row_is?: ("customer" | "order" | "order_line" | "event" | "customer_month" | "item") | null;
            /**
             * Pca Components
             * @default 2
             */
            pca_components: number | null;
            /** Projection */
            projection?: ("none" | "auto") | null;
            /** Redundancy */
            redundancy?: ("keep" | "once") | null;
            /** Relevance */
            relevance?: ("all" | "related") | null;
            /** Sparse */
            sparse?: ("keep" | "aside") | null;
            /**
             * Transform
             * @default none
             */
            transform: ("none" | "log" | "auto") | null;
            /**
             * Use Pca
             * @default false
             */
            use_pca: boolean | null;
            /**
             * Validate
             * @description Also compute stability, certainty and rules
             * @default false
             */
            validate: boolean | null;
            /**
             * Visibility
             * @default private
             */
            visibility: ("private" | "team") | null;
        };
        /**
         * SegmentationOut
         * @description `recipe` is the active version's; a segmentation of the core has no dataset.
         * @example {
         *       "active_version": {
         *         "activated_at": "2026-03-02T09:15:00Z",
         *         "algorithm": "kmeans",
         *         "created_at": "2026-03-02T09:15:00Z",
         *         "headline": "These customers form distinct groups.",
         *         "identified_by": "customer_id",
         *         "is_active": true,
         *         "n_customers": 400,
         *         "n_segments": 1,
         *         "run_id": 8,
         *         "segments": [
         *           {
         *             "automatic_name": "High-income customers",
         *             "id": 0,
         *             "lasting_id": 4,
         *             "lived_on_from": 0.93,
         *             "name": "Our best",
         *             "share": 0.45,
         *             "size": 180
         *           }
         *         ],
         *         "silhouette_score": 0.48,
         *         "trained_by": "maria",
         *         "version": 2,
         *         "warnings": []
         *       },
         *       "created_at": "2026-03-01T09:15:00Z",
         *       "dataset_id": 1,
         *       "dataset_name": "customers.csv",
         *       "id": 3,
         *       "is_owner": true,
         *       "kind": "table",
         *       "last_used_at": "2026-03-02T09:20:00Z",
         *       "n_versions": 2,
         *       "name": "Shop customers",
         *       "owner": "maria",
         *       "updated_at": "2026-03-02T09:15:00Z",
         *       "visibility": "private"
         *     }
         */
        SegmentationOut: {
            active_version: components["schemas"]["VersionOut"] | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Dataset Id */
            dataset_id: number | null;
            /** Dataset Name */
            dataset_name: string | null;
            /** Description */
            description: string | null;
            /** Id */
            id: number;
            /** Is Owner */
            is_owner: boolean;
            /**
             * Kind
             * @enum {string}
             */
            kind: "table" | "core";
            /** Last Used At */
            last_used_at: string | null;
            /** N Versions */
            n_versions: number;
            /** Name */
            name: string;
            /** Owner */
            owner: string | null;
            recipe: components["schemas"]["RecipeOut"] | null;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /**
             * Visibility
             * @enum {string}
             */
            visibility: "private" | "team";
        };
        /**
         * SegmentationUpdate
         * @description A description that is null is removed.
         * @example {
         *       "name": "Shop customers"
         *     }
         */
        SegmentationUpdate: {
            /** Description */
            description?: string | null;
            /** Name */
            name?: string | null;
            /** Visibility */
            visibility?: ("private" | "team") | null;
        };
        /**
         * SegmentChance
         * @description How near a segment is; only the customer's own probability is calibrated.
         *
         *     The others share what it leaves, the more the nearer their center.
         */
        SegmentChance: {
            /** Distance */
            distance: number;
            /** Probability */
            probability: number | null;
            /** Segment */
            segment: number;
            /** Segment Name */
            segment_name: string;
        };
        /**
         * SegmentChange
         * @description What changed for a segment; id and name are null on a side that does not have it.
         *
         *     Of one that is split, or that others are merged into, there is a change for each part.
         */
        SegmentChange: {
            /**
             * Change
             * @enum {string}
             */
            change: "kept" | "renamed" | "new" | "gone" | "split" | "merged";
            /** New Id */
            new_id: number | null;
            /** New Name */
            new_name: string | null;
            /** Old Id */
            old_id: number | null;
            /** Old Name */
            old_name: string | null;
            /** Overlap */
            overlap: number | null;
        };
        /** SegmentDrift */
        SegmentDrift: {
            /** Cluster Id */
            cluster_id: number;
            /** Cluster Name */
            cluster_name: string;
            /** Recent Share */
            recent_share: number;
            /** Training Share */
            training_share: number;
        };
        /**
         * SegmentMatch
         * @description A segment kept from the previous model; `overlap` is shared / in either.
         */
        SegmentMatch: {
            /** New Id */
            new_id: number;
            /** Old Id */
            old_id: number;
            /** Overlap */
            overlap: number;
        };
        /**
         * SegmentOut
         * @description `id` is its label in this version, `lasting_id` the same over all versions.
         *
         *     `name` is the owner's, or else the automatic one. `lived_on_from` is the share of customers in
         *     either that it has in common with the segment it lives on from; null for a new one.
         * @example {
         *       "automatic_name": "High-income customers",
         *       "id": 0,
         *       "lasting_id": 4,
         *       "lived_on_from": 0.93,
         *       "name": "Our best",
         *       "share": 0.45,
         *       "size": 180
         *     }
         */
        SegmentOut: {
            /** Advice */
            advice: string | null;
            /** Automatic Name */
            automatic_name: string;
            /** Id */
            id: number;
            /** Lasting Id */
            lasting_id: number;
            /** Lived On From */
            lived_on_from: number | null;
            /** Name */
            name: string;
            /** Note */
            note: string | null;
            /** Position */
            position: number | null;
            /** Share */
            share: number;
            /** Size */
            size: number;
        };
        /**
         * SegmentOutcomeOut
         * @description A share or mean in one segment, with its 95% interval; `lift` is its ratio to `overall`.
         *
         *     `cluster` is -1 for customers in no segment, and `lasting_id` the segment's id in every version.
         *     The interval is null for a single customer's mean,
         *     and the lift where values may be below 0.
         */
        SegmentOutcomeOut: {
            /** Cluster */
            cluster: number;
            /** Cluster Name */
            cluster_name: string;
            /** High */
            high: number | null;
            /** Lasting Id */
            lasting_id: number | null;
            /** Lift */
            lift: number | null;
            /** Lift High */
            lift_high: number | null;
            /** Lift Low */
            lift_low: number | null;
            /** Low */
            low: number | null;
            /** Size */
            size: number;
            /** Value */
            value: number;
        };
        /**
         * SegmentProfileOut
         * @description `cluster_name` is the owner's name, or else the automatic one.
         */
        SegmentProfileOut: {
            /** Automatic Name */
            automatic_name: string;
            /** Categories */
            categories: {
                [key: string]: components["schemas"]["CategoryShareOut"][];
            };
            /** Characteristics */
            characteristics: string[];
            /** Cluster */
            cluster: number;
            /** Cluster Name */
            cluster_name: string;
            /** Differences */
            differences: components["schemas"]["DifferenceOut"][];
            /** Means */
            means: {
                [key: string]: number | null;
            };
            /** Share */
            share: number;
            /** Silhouette */
            silhouette: number | null;
            /** Size */
            size: number;
        };
        /**
         * SegmentRuleOut
         * @description A rule with the segment that it is of.
         */
        SegmentRuleOut: {
            /** Cluster */
            cluster: number;
            /** Precision */
            precision: number;
            /** Recall */
            recall: number;
            /** Segment */
            segment: number;
            /** Segment Name */
            segment_name: string;
            /** Size */
            size: number;
            /** Sql */
            sql: string;
            /** Text */
            text: string;
        };
        /**
         * Segments
         * @example {
         *       "assignments": [
         *         {
         *           "cluster": 0,
         *           "cluster_name": "Higher income",
         *           "customer_id": "C001",
         *           "row": 1
         *         }
         *       ],
         *       "customer_id_column": "customer_id",
         *       "dataset_id": 1,
         *       "n_clusters": 1,
         *       "profiles": [
         *         {
         *           "automatic_name": "Higher income",
         *           "categories": {
         *             "region": [
         *               {
         *                 "level": "North",
         *                 "share": 0.7
         *               }
         *             ]
         *           },
         *           "characteristics": [
         *             "Higher annual income (mean 82.1 vs 40.3)"
         *           ],
         *           "cluster": 0,
         *           "cluster_name": "Our best",
         *           "differences": [
         *             {
         *               "column": "annual_income",
         *               "effect": 1.8,
         *               "rest": 40.3,
         *               "value": 82.1
         *             }
         *           ],
         *           "means": {
         *             "annual_income": 82.1
         *           },
         *           "share": 0.45,
         *           "silhouette": 0.51,
         *           "size": 180
         *         }
         *       ],
         *       "run_id": 8,
         *       "silhouette_score": 0.48,
         *       "total": 400
         *     }
         */
        Segments: {
            /** Assignments */
            assignments: components["schemas"]["Assignment"][];
            /** Customer Id Column */
            customer_id_column: string | null;
            /** Dataset Id */
            dataset_id: number;
            /** N Clusters */
            n_clusters: number;
            /** Profiles */
            profiles: components["schemas"]["SegmentProfileOut"][];
            /** Run Id */
            run_id: number;
            /** Silhouette Score */
            silhouette_score: number | null;
            /** Total */
            total: number;
        };
        /** SegmentShare */
        SegmentShare: {
            /** Cluster Name */
            cluster_name: string;
            /** Predictions */
            predictions: number;
            /** Share */
            share: number;
        };
        /**
         * SegmentStabilityOut
         * @description Mean Jaccard similarity over bootstrap samples, with its band in words.
         */
        SegmentStabilityOut: {
            /**
             * Band
             * @enum {string}
             */
            band: "dissolved" | "doubtful" | "moderate" | "stable" | "highly stable";
            /** Cluster */
            cluster: number;
            /** Dissolved */
            dissolved: number;
            /** Jaccard */
            jaccard: number;
            /** Recovered */
            recovered: number;
            /** Sentence */
            sentence: string;
        };
        /**
         * SegmentUpdate
         * @description The owner's words for a segment; null takes one back.
         * @example {
         *       "advice": "Invite to the preview.",
         *       "name": "Our best"
         *     }
         */
        SegmentUpdate: {
            /** Advice */
            advice?: string | null;
            /** Name */
            name?: string | null;
            /** Note */
            note?: string | null;
            /** Position */
            position?: number | null;
        };
        /**
         * SegmentValue
         * @description `money_low` to `money_high` covers the error that the record shows.
         */
        SegmentValue: {
            /** Customers */
            customers: number;
            /** Expected Money */
            expected_money: number | null;
            /** Expected Orders */
            expected_orders: number;
            /** Money High */
            money_high: number | null;
            /** Money Low */
            money_low: number | null;
            /** Segment */
            segment: string;
        };
        /**
         * SegmentView
         * @description Everything about one segment; `label` is its number within the version.
         *
         *     `columns` come with those first that differ most, and `rule` is null where none was found.
         * @example {
         *       "advice": [
         *         {
         *           "action": "Target \"Higher income\" with premium offers",
         *           "reason": "Annual income is 82.1 vs 40.3",
         *           "segment": 1,
         *           "segment_name": "Higher income",
         *           "text": "Target \"Higher income\" with premium offers: Annual income is 82.1 vs 40.3."
         *         }
         *       ],
         *       "automatic_name": "High-income customers",
         *       "borderline": [
         *         {
         *           "confidence": 81,
         *           "identifier": "C017",
         *           "outlier": false,
         *           "probability": 0.97,
         *           "row": 17,
         *           "segment": 1,
         *           "segment_name": "Higher income",
         *           "values": {
         *             "age": 34,
         *             "annual_income": 82.5
         *           }
         *         }
         *       ],
         *       "characteristics": [
         *         "Higher annual income: $82.1k vs $40.3k"
         *       ],
         *       "columns": [
         *         {
         *           "difference": {
         *             "column": "annual_income",
         *             "effect": 1.8,
         *             "rest": 40.3,
         *             "value": 82.1
         *           },
         *           "edges": [
         *             0,
         *             50,
         *             100
         *           ],
         *           "kind": "number",
         *           "name": "annual_income",
         *           "open_high": true,
         *           "open_low": false,
         *           "rest": {
         *             "counts": [
         *               176,
         *               44
         *             ],
         *             "missing": 0,
         *             "other": 0,
         *             "shares": [
         *               0.8,
         *               0.2
         *             ]
         *           },
         *           "this": {
         *             "counts": [
         *               9,
         *               171
         *             ],
         *             "missing": 0,
         *             "other": 0,
         *             "shares": [
         *               0.05,
         *               0.95
         *             ]
         *           },
         *           "unit": "k$",
         *           "used": true
         *         }
         *       ],
         *       "differences": [
         *         {
         *           "column": "annual_income",
         *           "effect": 1.8,
         *           "rest": 40.3,
         *           "value": 82.1
         *         }
         *       ],
         *       "label": 0,
         *       "lasting_id": 1,
         *       "name": "Higher income",
         *       "neighbours": [
         *         {
         *           "distance": 2.4,
         *           "lasting_id": 2,
         *           "name": "Lower income",
         *           "share_of_borderline": 1
         *         }
         *       ],
         *       "rule": {
         *         "cluster": 0,
         *         "precision": 0.95,
         *         "recall": 0.97,
         *         "size": 184,
         *         "sql": "\"annual_income\" > 70",
         *         "text": "annual_income > 70"
         *       },
         *       "share": 0.45,
         *       "shares": [
         *         {
         *           "share": 0.41,
         *           "version": 1
         *         },
         *         {
         *           "share": 0.45,
         *           "version": 2
         *         }
         *       ],
         *       "silhouette": 0.51,
         *       "size": 180,
         *       "typical": [
         *         {
         *           "confidence": 81,
         *           "identifier": "C017",
         *           "outlier": false,
         *           "probability": 0.97,
         *           "row": 17,
         *           "segment": 1,
         *           "segment_name": "Higher income",
         *           "values": {
         *             "age": 34,
         *             "annual_income": 82.5
         *           }
         *         }
         *       ],
         *       "version": 2
         *     }
         */
        SegmentView: {
            /** Advice */
            advice: components["schemas"]["AdviceOut"][];
            /** Automatic Name */
            automatic_name: string;
            /** Borderline */
            borderline: components["schemas"]["ListedCustomer"][];
            /** Characteristics */
            characteristics: string[];
            /** Columns */
            columns: components["schemas"]["ColumnDistribution"][];
            /** Differences */
            differences: components["schemas"]["DifferenceOut"][];
            /** Headline */
            headline: string | null;
            /** Label */
            label: number;
            /** Lasting Id */
            lasting_id: number;
            /** Name */
            name: string;
            /** Neighbours */
            neighbours: components["schemas"]["NeighbourOut"][];
            /** Note */
            note: string | null;
            /** Owner Advice */
            owner_advice: string | null;
            rule: components["schemas"]["RuleOut"] | null;
            /** Share */
            share: number;
            /** Shares */
            shares: components["schemas"]["VersionShare"][];
            /** Silhouette */
            silhouette: number | null;
            /** Size */
            size: number;
            stability: components["schemas"]["SegmentStabilityOut"] | null;
            /** Typical */
            typical: components["schemas"]["ListedCustomer"][];
            /** Version */
            version: number;
        };
        /** Selection */
        Selection: {
            /** Algorithm */
            algorithm: string | null;
            kMeansByCount: components["schemas"]["ComparedCounts"] | null;
            /** Reason */
            reason: string;
            /** Tried */
            tried: components["schemas"]["CamelAttemptOut"][];
        };
        /**
         * SetAsideOut
         * @description A line that is not a row of the table, and why.
         */
        SetAsideOut: {
            /** Line */
            line: number;
            /** Text */
            text: string;
            /** What */
            what: string;
        };
        /**
         * SharingRequest
         * @example {
         *       "visibility": "team"
         *     }
         */
        SharingRequest: {
            /**
             * Visibility
             * @enum {string}
             */
            visibility: "private" | "team";
        };
        /**
         * SideOut
         * @description Customers in each bin or of each level, `other` those of rarer levels.
         */
        SideOut: {
            /** Counts */
            counts: number[];
            /** Missing */
            missing: number;
            /** Other */
            other: number;
            /**
             * Shares
             * @description Of those with a value, in the order of the counts
             */
            shares: number[];
        };
        /**
         * SignInProvider
         * @description Who signs people in for this server; `start` is where to send a browser.
         * @example {
         *       "name": "Company login",
         *       "start": "/auth/provider/start"
         *     }
         */
        SignInProvider: {
            /** Name */
            name: string;
            /** Start */
            start: string;
        };
        /**
         * SnapshotOut
         * @description Customers at a date: the dataset `dataset_id`. Lines that came later make it out of date.
         * @example {
         *       "as_of": "2026-06-30",
         *       "created_at": "2026-07-01T09:15:00Z",
         *       "dataset_id": 4,
         *       "id": 1,
         *       "ledger": {
         *         "currencies": [],
         *         "customers": 812,
         *         "duplicates": 0,
         *         "entries": [
         *           {
         *             "counted": true,
         *             "lines": 2400,
         *             "meaning": "Counted as orders",
         *             "state": "order",
         *             "value": 56210.5
         *           }
         *         ],
         *         "first_day": "2025-07-01",
         *         "last_day": "2026-06-30",
         *         "lines": 2400,
         *         "orders": 1340,
         *         "value": 56210.5
         *       },
         *       "n_customers": 812,
         *       "orders_id": 1,
         *       "out_of_date": false,
         *       "returns": "net",
         *       "window_days": 365
         *     }
         */
        SnapshotOut: {
            /**
             * As Of
             * Format: date
             */
            as_of: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Currency */
            currency: string | null;
            /** Dataset Id */
            dataset_id: number;
            /** Id */
            id: number;
            ledger: components["schemas"]["LedgerOut"];
            /** N Customers */
            n_customers: number;
            /** Orders Id */
            orders_id: number;
            /** Out Of Date */
            out_of_date: boolean;
            /**
             * Returns
             * @enum {string}
             */
            returns: "net" | "separate" | "ignore";
            /** Window Days */
            window_days: number | null;
        };
        /**
         * SnapshotRequest
         * @description Customers as of a day; `null` is the last day with an order, and all that came before.
         * @example {
         *       "as_of": "2026-06-30",
         *       "window": "365d"
         *     }
         */
        SnapshotRequest: {
            /** As Of */
            as_of?: string | null;
            /** Currency */
            currency?: string | null;
            /** Returns */
            returns?: ("net" | "separate" | "ignore") | null;
            /**
             * Window
             * @description Days that count, `365d`
             */
            window?: string | null;
        };
        /**
         * SpeakingColumn
         * @description A column that speaks for the customer's segment, against the nearest other one.
         *
         *     `here` and `there` are the two segments' means, or their most frequent categories; `share` is
         *     the column's part in all that speaks for the segment.
         */
        SpeakingColumn: {
            /** Column */
            column: string;
            here: components["schemas"]["JsonValue"];
            /** Share */
            share: number;
            there: components["schemas"]["JsonValue"];
            value: components["schemas"]["JsonValue"];
        };
        /** StabilityOut */
        StabilityOut: {
            /** N Resamples */
            n_resamples: number;
            /** Sample Size */
            sample_size: number;
            /** Segments */
            segments: components["schemas"]["SegmentStabilityOut"][];
            /** Weakest */
            weakest: number;
        };
        /**
         * Statistics
         * @example {
         *       "active_users": 8,
         *       "inactive_users": 1,
         *       "predictions_per_day": [
         *         {
         *           "date": "2026-03-01",
         *           "predictions": 48
         *         },
         *         {
         *           "date": "2026-03-02",
         *           "predictions": 72
         *         }
         *       ],
         *       "segments": [
         *         {
         *           "cluster_name": "High Value Customers",
         *           "predictions": 90,
         *           "share": 0.75
         *         },
         *         {
         *           "cluster_name": "Budget Conscious",
         *           "predictions": 30,
         *           "share": 0.25
         *         }
         *       ],
         *       "total_predictions": 120,
         *       "total_profiles": 14,
         *       "total_users": 9,
         *       "users_by_role": {
         *         "admin": 1,
         *         "analyst": 2,
         *         "user": 6
         *       }
         *     }
         */
        Statistics: {
            /** Active Users */
            active_users: number;
            /** Inactive Users */
            inactive_users: number;
            /** Predictions Per Day */
            predictions_per_day: components["schemas"]["DayCount"][];
            /** Segments */
            segments: components["schemas"]["SegmentShare"][];
            /** Total Predictions */
            total_predictions: number;
            /** Total Profiles */
            total_profiles: number;
            /** Total Users */
            total_users: number;
            users_by_role: components["schemas"]["RoleCounts"];
        };
        /**
         * StructureOut
         * @description The test against "no structure"; `separation` is how deep the valley between groups is.
         */
        StructureOut: {
            /** Borderline */
            borderline: boolean;
            /** N Samples */
            n_samples: number;
            /** Notes */
            notes: string[];
            /** P Value */
            p_value: number;
            /** Sampled */
            sampled: boolean;
            /** Sentence */
            sentence: string;
            /** Separation */
            separation: number;
            /**
             * Verdict
             * @enum {string}
             */
            verdict: "strong" | "weak" | "none";
        };
        /**
         * SweepOut
         * @description The numbers of clusters that were compared.
         */
        SweepOut: {
            /** Degenerate */
            degenerate: boolean[];
            /** Inertias */
            inertias: number[];
            /** K Range */
            k_range: number[];
            /** Silhouette Scores */
            silhouette_scores: number[];
        };
        /**
         * TableWarningOut
         * @description One thing that looks wrong or could be read otherwise.
         *
         *     A dataset's warnings are in order: those that would change most come first. `count` rows are
         *     concerned, `line` is the first, `rows` the first 50. `reading` is what was
         *     taken where there are `alternatives`.
         */
        TableWarningOut: {
            /** Alternatives */
            alternatives: components["schemas"]["AlternativeOut"][];
            /** Code */
            code: string;
            /** Column */
            column: string | null;
            /** Count */
            count: number;
            /** Line */
            line: number | null;
            /** Message */
            message: string;
            /** Reading */
            reading: string | null;
            /** Rows */
            rows: number[];
        };
        /**
         * Token
         * @example {
         *       "access_token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtYXJpYSJ9.c2lnbmF0dXJl",
         *       "token_type": "bearer",
         *       "user": {
         *         "email": "maria@example.com",
         *         "id": 7,
         *         "must_change_password": false,
         *         "role": "user",
         *         "username": "maria"
         *       }
         *     }
         */
        Token: {
            /** Access Token */
            access_token: string;
            /** Token Type */
            token_type: string;
            user: components["schemas"]["TokenUser"];
        };
        /** TokenUser */
        TokenUser: {
            /** Email */
            email: string;
            /** Id */
            id: number;
            /** Must Change Password */
            must_change_password: boolean;
            /**
             * Role
             * @enum {string}
             */
            role: "user" | "analyst" | "admin";
            /** Username */
            username: string;
        };
        /**
         * TopShare
         * @description The top `part` of the customers, and their share of the money.
         */
        TopShare: {
            /** Customers */
            customers: number;
            /** Money */
            money: number;
            /** Part */
            part: number;
            /** Share Of Money */
            share_of_money: number;
        };
        /**
         * TrainRequest
         * @example {
         *       "n_clusters": 5
         *     }
         */
        TrainRequest: {
            /**
             * Activate
             * @description `false` trains a candidate; requires the analyst role
             * @default true
             */
            activate: boolean | null;
            /** N Clusters */
            n_clusters?: number | null;
        };
        /**
         * TrainResult
         * @example {
         *       "created_at": "2026-03-02T09:15:00Z",
         *       "imputed": {
         *         "age": 0,
         *         "annual_income": 12,
         *         "purchase_frequency": 0,
         *         "spending_score": 0
         *       },
         *       "inertia": 4310.9,
         *       "is_active": true,
         *       "message": "Model trained successfully",
         *       "n_clusters": 5,
         *       "n_customers": 5000,
         *       "silhouette_score": 0.55,
         *       "version": 3,
         *       "warnings": []
         *     }
         */
        TrainResult: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Imputed */
            imputed: {
                [key: string]: number;
            };
            /** Inertia */
            inertia: number;
            /** Is Active */
            is_active: boolean;
            /** Message */
            message: string;
            /** N Clusters */
            n_clusters: number;
            /** N Customers */
            n_customers: number;
            /** Silhouette Score */
            silhouette_score: number;
            /** Version */
            version: number;
            /** Warnings */
            warnings: string[];
        };
        /**
         * UnchangedUser
         * @description A user who was left as they were, and why.
         */
        UnchangedUser: {
            /** Code */
            code: string;
            /** Detail */
            detail: string;
            /** Id */
            id: number;
        };
        /**
         * UsefulnessOut
         * @example {
         *       "association": 0.31,
         *       "association_held_out": 0.3,
         *       "column": "churn",
         *       "explained_by_model": 0.17,
         *       "explained_by_segments": 0.09,
         *       "kind": "category",
         *       "measure": "cramers_v",
         *       "n_customers": 400,
         *       "n_missing": 0,
         *       "overall": 0.25,
         *       "p_value": 0.001,
         *       "run_id": 8,
         *       "sample_size": 400,
         *       "segments": [
         *         {
         *           "cluster": 0,
         *           "cluster_name": "Higher income",
         *           "high": 0.15,
         *           "lasting_id": 1,
         *           "lift": 0.4,
         *           "lift_high": 0.61,
         *           "lift_low": 0.26,
         *           "low": 0.06,
         *           "size": 180,
         *           "value": 0.1
         *         }
         *       ],
         *       "sentence": "churn: Yes ranges from 10% in Higher income to 37% in Lower income.",
         *       "value": "Yes"
         *     }
         */
        UsefulnessOut: {
            /**
             * Association
             * @description The measure on all customers.
             */
            association: number;
            /**
             * Association Held Out
             * @description The same on customers whose values were not used.
             */
            association_held_out: number;
            /** Column */
            column: string;
            /**
             * Explained By Model
             * @description The same by a decision tree on the columns that the segments were made from.
             */
            explained_by_model: number;
            /**
             * Explained By Segments
             * @description Share of the column's variance that the segments explain, held out.
             */
            explained_by_segments: number;
            /**
             * Kind
             * @enum {string}
             */
            kind: "category" | "number";
            /**
             * Measure
             * @enum {string}
             */
            measure: "cramers_v" | "eta_squared";
            /**
             * N Customers
             * @description Those whose value is known.
             */
            n_customers: number;
            /** N Missing */
            n_missing: number;
            /**
             * Overall
             * @description The share, or the mean, of all of them.
             */
            overall: number;
            /**
             * P Value
             * @description By permutation.
             */
            p_value: number;
            /** Run Id */
            run_id: number | null;
            /**
             * Sample Size
             * @description Customers the last four figures were measured on.
             */
            sample_size: number;
            /** Segments */
            segments: components["schemas"]["SegmentOutcomeOut"][];
            /** Sentence */
            sentence: string;
            /**
             * Value
             * @description The category whose share is compared.
             */
            value: string | null;
        };
        /**
         * UserChanges
         * @description What to make of several users: their role, whether they are active, or both.
         * @example {
         *       "ids": [
         *         7,
         *         8
         *       ],
         *       "role": "analyst"
         *     }
         */
        UserChanges: {
            /** Ids */
            ids: number[];
            /** Is Active */
            is_active?: boolean | null;
            /** Role */
            role?: ("user" | "analyst" | "admin") | null;
        };
        /**
         * UserCreate
         * @example {
         *       "email": "maria@example.com",
         *       "full_name": "Maria Keller",
         *       "password": "correct horse",
         *       "username": "maria"
         *     }
         */
        UserCreate: {
            /**
             * Email
             * Format: email
             */
            email: string;
            /** Full Name */
            full_name?: string | null;
            /** Invitation */
            invitation?: string | null;
            /** Password */
            password: string;
            /**
             * Username
             * @description Letters, digits, dots, dashes and underscores; unique, ignoring case
             */
            username: string;
        };
        /**
         * UserList
         * @example {
         *       "total": 1,
         *       "total_predictions": 42,
         *       "total_profiles": 3,
         *       "users": [
         *         {
         *           "created_at": "2026-03-02T09:15:00Z",
         *           "email": "maria@example.com",
         *           "full_name": "Maria Keller",
         *           "id": 7,
         *           "is_active": true,
         *           "last_sign_in_at": "2026-03-02T09:15:00Z",
         *           "must_change_password": false,
         *           "role": "user",
         *           "total_predictions": 42,
         *           "total_profiles": 3,
         *           "updated_at": "2026-03-02T09:15:00Z",
         *           "username": "maria"
         *         }
         *       ]
         *     }
         */
        UserList: {
            /** Total */
            total: number;
            /** Total Predictions */
            total_predictions: number;
            /** Total Profiles */
            total_profiles: number;
            /** Users */
            users: components["schemas"]["UserWithCounts"][];
        };
        /**
         * UserOut
         * @example {
         *       "created_at": "2026-03-02T09:15:00Z",
         *       "email": "maria@example.com",
         *       "full_name": "Maria Keller",
         *       "id": 7,
         *       "is_active": true,
         *       "must_change_password": false,
         *       "role": "user",
         *       "updated_at": "2026-03-02T09:15:00Z",
         *       "username": "maria"
         *     }
         */
        UserOut: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Email */
            email: string;
            /** Full Name */
            full_name: string | null;
            /** Id */
            id: number;
            /** Is Active */
            is_active: boolean;
            /** Must Change Password */
            must_change_password: boolean;
            /**
             * Role
             * @enum {string}
             */
            role: "user" | "analyst" | "admin";
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Username */
            username: string;
        };
        /**
         * UserProfile
         * @example {
         *       "email": "maria@example.com",
         *       "full_name": "Maria Keller",
         *       "id": 7,
         *       "role": "user",
         *       "total_predictions": 42,
         *       "total_saved_profiles": 3,
         *       "username": "maria"
         *     }
         */
        UserProfile: {
            /** Email */
            email: string;
            /** Full Name */
            full_name: string | null;
            /** Id */
            id: number;
            /**
             * Role
             * @enum {string}
             */
            role: "user" | "analyst" | "admin";
            /** Total Predictions */
            total_predictions: number;
            /** Total Saved Profiles */
            total_saved_profiles: number;
            /** Username */
            username: string;
        };
        /**
         * UserUpdate
         * @example {
         *       "full_name": "Maria Keller-Roth"
         *     }
         */
        UserUpdate: {
            /** Current Password */
            current_password?: string | null;
            /** Email */
            email?: string | null;
            /** Full Name */
            full_name?: string | null;
            /** Password */
            password?: string | null;
            /** Username */
            username?: string | null;
        };
        /**
         * UserWithCounts
         * @example {
         *       "created_at": "2026-03-02T09:15:00Z",
         *       "email": "maria@example.com",
         *       "full_name": "Maria Keller",
         *       "id": 7,
         *       "is_active": true,
         *       "last_sign_in_at": "2026-03-02T09:15:00Z",
         *       "must_change_password": false,
         *       "role": "user",
         *       "total_predictions": 42,
         *       "total_profiles": 3,
         *       "updated_at": "2026-03-02T09:15:00Z",
         *       "username": "maria"
         *     }
         */
        UserWithCounts: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Email */
            email: string;
            /** Full Name */
            full_name: string | null;
            /** Id */
            id: number;
            /** Is Active */
            is_active: boolean;
            /** Last Sign In At */
            last_sign_in_at: string | null;
            /** Must Change Password */
            must_change_password: boolean;
            /**
             * Role
             * @enum {string}
             */
            role: "user" | "analyst" | "admin";
            /** Total Predictions */
            total_predictions: number;
            /** Total Profiles */
            total_profiles: number;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Username */
            username: string;
        };
        /** ValidationError */
        ValidationError: {
            /** Context */
            ctx?: Record<string, never>;
            /** Input */
            input?: unknown;
            /** Location */
            loc: (string | number)[];
            /** Message */
            msg: string;
            /** Error Type */
            type: string;
        };
        /** ValidationOut */
        ValidationOut: {
            certainty: components["schemas"]["CertaintyOut"] | null;
            /** Headline */
            headline: string;
            /** Notes */
            notes: string[];
            /** Rules */
            rules: components["schemas"]["RuleOut"][];
            stability: components["schemas"]["StabilityOut"] | null;
            structure: components["schemas"]["StructureOut"];
        };
        /**
         * ValueOut
         * @description `money_rounded_to` is what the record's error allows; sums are rounded to it.
         *
         *     Money is the margin's share of what is spent, and worth less by `discount` per year ahead.
         * @example {
         *       "as_of": "2026-06-30",
         *       "customers": [
         *         {
         *           "alive": 0.94,
         *           "customer_id": "C000",
         *           "expected_money": 205.5,
         *           "expected_orders": 4.1,
         *           "money_high": 420,
         *           "money_low": 40.5,
         *           "orders_high": 8,
         *           "orders_low": 1,
         *           "segment": "Champions"
         *         }
         *       ],
         *       "discount": 0,
         *       "expected_money": 41000,
         *       "expected_orders": 812.4,
         *       "horizon_days": 365,
         *       "margin": 1,
         *       "model": "MBG/NBD",
         *       "money_high": 45000,
         *       "money_low": 37000,
         *       "money_rounded_to": 1000,
         *       "notes": [],
         *       "record": {
         *         "best": "MBG/NBD",
         *         "chosen": "MBG/NBD",
         *         "made_at": "2025-12-31",
         *         "money": {
         *           "scores": [
         *             {
         *               "actual": 402,
         *               "by_decile": [
         *                 [
         *                   0.05,
         *                   0.04
         *                 ]
         *               ],
         *               "decile_error": 0.08,
         *               "expected": 410.5,
         *               "mean_absolute_error": 0.61,
         *               "naive": false,
         *               "name": "MBG/NBD",
         *               "top_found": 0.71,
         *               "total_error": 0.021
         *             }
         *           ],
         *           "winners": {
         *             "decile_error": "MBG/NBD",
         *             "top_found": "Orders so far",
         *             "total_error": "MBG/NBD"
         *           }
         *         },
         *         "n_customers": 700,
         *         "scores": [
         *           {
         *             "actual": 402,
         *             "by_decile": [
         *               [
         *                 0.05,
         *                 0.04
         *               ]
         *             ],
         *             "decile_error": 0.08,
         *             "expected": 410.5,
         *             "mean_absolute_error": 0.61,
         *             "naive": false,
         *             "name": "MBG/NBD",
         *             "top_found": 0.71,
         *             "total_error": 0.021
         *           }
         *         ],
         *         "until": "2026-06-30",
         *         "winners": {
         *           "decile_error": "MBG/NBD",
         *           "top_found": "Orders so far",
         *           "total_error": "MBG/NBD"
         *         }
         *       },
         *       "segments": [
         *         {
         *           "customers": 118,
         *           "expected_money": 17000,
         *           "expected_orders": 320.5,
         *           "money_high": 19000,
         *           "money_low": 15000,
         *           "segment": "Champions"
         *         }
         *       ],
         *       "snapshot_id": 1,
         *       "total": 812
         *     }
         */
        ValueOut: {
            /**
             * As Of
             * Format: date
             */
            as_of: string;
            /** Currency */
            currency: string | null;
            /** Customers */
            customers: components["schemas"]["CustomerValue"][];
            /** Discount */
            discount: number;
            /** Expected Money */
            expected_money: number | null;
            /** Expected Orders */
            expected_orders: number;
            /** Horizon Days */
            horizon_days: number;
            /** Margin */
            margin: number;
            /** Model */
            model: string;
            /** Money High */
            money_high: number | null;
            /** Money Low */
            money_low: number | null;
            /** Money Rounded To */
            money_rounded_to: number | null;
            /** Notes */
            notes: components["schemas"]["OrderNote"][];
            record: components["schemas"]["ForecastRecord"];
            /** Segments */
            segments: components["schemas"]["SegmentValue"][];
            /** Snapshot Id */
            snapshot_id: number;
            /** Total */
            total: number;
        };
        /**
         * VersionComparison
         * @description `adjusted_rand_index` is 1 where both versions group the customers alike.
         *
         *     It is null where no customer can be compared.
         * @example {
         *       "adjusted_rand_index": 0.93,
         *       "against": 3,
         *       "borders_moved": {
         *         "columns": [
         *           "High Value Customers",
         *           "Loyal Customers"
         *         ],
         *         "matrix": [
         *           [
         *             388,
         *             12
         *           ]
         *         ],
         *         "n_customers": 400,
         *         "n_moved": 12,
         *         "rows": [
         *           "High Value Customers"
         *         ],
         *         "sentence": "12 of 400 customers (3%) change their segment.",
         *         "share_moved": 0.03
         *       },
         *       "customers_moved": {
         *         "columns": [
         *           "High Value Customers",
         *           "Loyal Customers"
         *         ],
         *         "matrix": [
         *           [
         *             388,
         *             12
         *           ]
         *         ],
         *         "n_customers": 400,
         *         "n_joined": 20,
         *         "n_left": 4,
         *         "n_moved": 12,
         *         "rows": [
         *           "High Value Customers"
         *         ],
         *         "sentence": "12 of 400 customers (3%) change their segment.",
         *         "share_moved": 0.03
         *       },
         *       "history": {
         *         "columns": [
         *           "High Value Customers",
         *           "Loyal Customers"
         *         ],
         *         "matrix": [
         *           [
         *             388,
         *             12
         *           ]
         *         ],
         *         "n_customers": 400,
         *         "n_moved": 12,
         *         "rows": [
         *           "High Value Customers"
         *         ],
         *         "sentence": "12 of 400 customers (3%) change their segment.",
         *         "share_moved": 0.03
         *       },
         *       "segments": [
         *         {
         *           "change": "kept",
         *           "new_id": 2,
         *           "new_name": "High Value Customers",
         *           "old_id": 2,
         *           "old_name": "High Value Customers",
         *           "overlap": 0.94
         *         }
         *       ],
         *       "summary": "1 segment kept, 1 new; 3% of the customers move.",
         *       "training": {
         *         "columns": [
         *           "High Value Customers",
         *           "Loyal Customers"
         *         ],
         *         "matrix": [
         *           [
         *             388,
         *             12
         *           ]
         *         ],
         *         "n_customers": 400,
         *         "n_moved": 12,
         *         "rows": [
         *           "High Value Customers"
         *         ],
         *         "sentence": "12 of 400 customers (3%) change their segment.",
         *         "share_moved": 0.03
         *       },
         *       "version": 4
         *     }
         */
        VersionComparison: {
            /** Adjusted Rand Index */
            adjusted_rand_index: number | null;
            /** Against */
            against: number;
            borders_moved: components["schemas"]["Movement"];
            customers_moved: components["schemas"]["CustomersMoved"];
            history: components["schemas"]["Movement"];
            /** Refinement */
            refinement: ("split" | "merged") | null;
            /** Segments */
            segments: components["schemas"]["SegmentChange"][];
            /** Summary */
            summary: string;
            training: components["schemas"]["Movement"];
            /** Version */
            version: number;
        };
        /**
         * VersionOut
         * @description `identified_by` is the column that recognised customers of the version before.
         * @example {
         *       "activated_at": "2026-03-02T09:15:00Z",
         *       "algorithm": "kmeans",
         *       "created_at": "2026-03-02T09:15:00Z",
         *       "headline": "These customers form distinct groups.",
         *       "identified_by": "customer_id",
         *       "is_active": true,
         *       "n_customers": 400,
         *       "n_segments": 1,
         *       "run_id": 8,
         *       "segments": [
         *         {
         *           "automatic_name": "High-income customers",
         *           "id": 0,
         *           "lasting_id": 4,
         *           "lived_on_from": 0.93,
         *           "name": "Our best",
         *           "share": 0.45,
         *           "size": 180
         *         }
         *       ],
         *       "silhouette_score": 0.48,
         *       "trained_by": "maria",
         *       "version": 2,
         *       "warnings": []
         *     }
         */
        VersionOut: {
            /** Activated At */
            activated_at: string | null;
            /** Algorithm */
            algorithm: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Headline */
            headline: string | null;
            /** Identified By */
            identified_by: string | null;
            /** Is Active */
            is_active: boolean;
            /** Linkage */
            linkage: string | null;
            /** N Customers */
            n_customers: number;
            /** N Segments */
            n_segments: number;
            /** Run Id */
            run_id: number | null;
            /** Segments */
            segments: components["schemas"]["SegmentOut"][];
            /** Silhouette Score */
            silhouette_score: number | null;
            /** Trained By */
            trained_by: string | null;
            /** Version */
            version: number;
            /** Warnings */
            warnings: components["schemas"]["CautionOut"][];
        };
        /**
         * VersionPlace
         * @description Where the customer was; `segment_name` is null where the version did not have them.
         */
        VersionPlace: {
            /**
             * Segment
             * @description The segment's id, constant over versions; null in no segment
             */
            segment: number | null;
            /** Segment Name */
            segment_name: string | null;
            /** Version */
            version: number;
        };
        /**
         * VersionPlacements
         * @description Where customers were placed, and what is missing in them or was never seen before.
         * @example {
         *       "n_rows": 1,
         *       "placements": [
         *         {
         *           "confidence": 77,
         *           "lasting_id": 4,
         *           "outlier": false,
         *           "probability": 0.98,
         *           "row": 1,
         *           "segment": 0,
         *           "segment_name": "Our best"
         *         }
         *       ],
         *       "rule": "nearest_center",
         *       "segmentation_id": 3,
         *       "version": 2,
         *       "warnings": []
         *     }
         */
        VersionPlacements: {
            /** N Rows */
            n_rows: number;
            /** Placements */
            placements: components["schemas"]["PlacedOut"][];
            /**
             * Rule
             * @enum {string}
             */
            rule: "nearest_center" | "nearest_row" | "nearest_rows" | "density";
            /** Segmentation Id */
            segmentation_id: number;
            /** Version */
            version: number;
            /** Warnings */
            warnings: components["schemas"]["CautionOut"][];
        };
        /**
         * VersionRequest
         * @description What is not said is as in the active version: its dataset and each of its options.
         * @example {
         *       "dataset_id": 2
         *     }
         */
        VersionRequest: {
            /**
             * Activate
             * @default true
             */
            activate: boolean | null;
            /**
             * Algorithm
             * @default hierarchical
             */
            algorithm: ("auto" | "hierarchical" | "kmeans" | "dbscan" | "hdbscan") | null;
            /** Blanks */
            blanks?: ("median" | "neighbours") | null;
            /**
             * Categorical Limit
             * @default 20
             */
            categorical_limit: number | null;
            /** Category Weight */
            category_weight?: number | null;
            /** Columns */
            columns?: string[] | null;
            /** Dataset Id */
            dataset_id?: number | null;
            /** Derived */
            derived?: ("none" | "usual") | null;
            /** Eps */
            eps?: number | null;
            /** Exclude */
            exclude?: string[] | null;
            /** Extremes */
            extremes?: ("keep" | "fences") | null;
            /**
             * Linkage
             * @default ward
             */
            linkage: ("ward" | "complete" | "average" | "single") | null;
            /** Min Cluster Size */
            min_cluster_size?: number | null;
            /** Min Samples */
            min_samples?: number | null;
            /** N Clusters */
            n_clusters?: number | "auto" | null;
            /** One Row Is */
            one_row_is?: ("customer" | "order" | "order_line" | "event" | "customer_month" | "item") | null;
            /**
             * Pca Components
             * @default 2
             */
            pca_components: number | null;
            /** Projection */
            projection?: ("none" | "auto") | null;
            /** Redundancy */
            redundancy?: ("keep" | "once") | null;
            /** Relevance */
            relevance?: ("all" | "related") | null;
            /** Sparse */
            sparse?: ("keep" | "aside") | null;
            /**
             * Transform
             * @default none
             */
            transform: ("none" | "log" | "auto") | null;
            /**
             * Use Pca
             * @default false
             */
            use_pca: boolean | null;
            /**
             * Validate
             * @description Also compute stability, certainty and rules
             * @default false
             */
            validate: boolean | null;
        };
        /**
         * VersionShare
         * @description `share` is null where the version has no such segment.
         */
        VersionShare: {
            /** Share */
            share: number | null;
            /** Version */
            version: number;
        };
        /**
         * WayOn
         * @description Where a table that is not one of customers belongs: `POST` to `href` takes it there.
         */
        WayOn: {
            /** Href */
            href: string;
            /**
             * Kind
             * @constant
             */
            kind: "orders";
            /** Message */
            message: string;
            /**
             * Method
             * @constant
             */
            method: "POST";
        };
        /**
         * WithinDays
         * @description Share expected to have ordered again within so many days; `null` past what was observed.
         */
        WithinDays: {
            /** Days */
            days: number;
            /** Share */
            share: number | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    health_read_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    audit_list_events: {
        parameters: {
            query?: {
                action?: string | null;
                actor_id?: number | null;
                /** @description A date, or a time in ISO 8601; UTC unless it says otherwise */
                date_from?: string | null;
                /** @description A date, or a time in ISO 8601; UTC unless it says otherwise */
                date_to?: string | null;
                /** @description Maximum number of rows; lowered to the server's limit */
                limit?: number | null;
                object_id?: number | null;
                object_type?: string | null;
                /** @description Number of rows to skip */
                skip?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEvents"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    audit_check_events: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditCheck"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    audit_export_events: {
        parameters: {
            query?: {
                action?: string | null;
                actor_id?: number | null;
                /** @description A date, or a time in ISO 8601; UTC unless it says otherwise */
                date_from?: string | null;
                /** @description A date, or a time in ISO 8601; UTC unless it says otherwise */
                date_to?: string | null;
                object_id?: number | null;
                object_type?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": unknown;
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    admin_list_invitations: {
        parameters: {
            query?: {
                /** @description Maximum number of rows; lowered to the server's limit */
                limit?: number | null;
                /** @description Number of rows to skip */
                skip?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationOut"][];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    admin_create_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InvitationCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewInvitation"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    admin_revoke_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                invitation_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    admin_read_statistics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Statistics"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    admin_list_users: {
        parameters: {
            query?: {
                descending?: boolean;
                is_active?: boolean | null;
                /** @description Maximum number of rows; lowered to the server's limit */
                limit?: number | null;
                role?: ("user" | "analyst" | "admin") | null;
                search?: string | null;
                /** @description Number of rows to skip */
                skip?: number;
                sort?: ("username" | "role" | "created_at" | "last_sign_in_at") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserList"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    admin_read_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserWithCounts"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    admin_delete_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    keys_list_keys_of: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyList"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    keys_revoke_key_of: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key_id: number;
                user_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    admin_reset_password: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneTimePassword"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    admin_change_role: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleUpdate"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    admin_toggle_active: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    admin_change_users: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserChanges"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedUsers"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    analysis_read_analysis: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    /** @description `HIT` where the same was asked before */
                    "X-Cache"?: "HIT" | "MISS";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnalysisResult"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    analysis_analyze: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async` asks for 202 and a job */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** Customerdata */
                    customerData: {
                        [key: string]: string | number | boolean | null;
                    }[];
                    /** Onerowis */
                    oneRowIs?: ("customer" | "order" | "order_line" | "event" | "customer_month" | "item") | null;
                    options?: {
                        /**
                         * Algorithm
                         * @default auto
                         */
                        algorithm?: ("auto" | "kmeans" | "hierarchical" | "dbscan") | null;
                        /** Blanks */
                        blanks?: ("median" | "neighbours") | null;
                        /** Categoryweight */
                        categoryWeight?: number | null;
                        /** Columns */
                        columns?: string[] | null;
                        /** Derived */
                        derived?: ("none" | "usual") | null;
                        /** Exclude */
                        exclude?: string[] | null;
                        /** Extremes */
                        extremes?: ("keep" | "fences") | null;
                        /** Nclusters */
                        nClusters?: number | null;
                        /** Onerowis */
                        oneRowIs?: ("customer" | "order" | "order_line" | "event" | "customer_month" | "item") | null;
                        /** Projection */
                        projection?: ("none" | "auto") | null;
                        /** Redundancy */
                        redundancy?: ("keep" | "once") | null;
                        /** Relevance */
                        relevance?: ("all" | "related") | null;
                        /**
                         * Seed
                         * @default 42
                         */
                        seed?: number | null;
                        /** Sparse */
                        sparse?: ("keep" | "aside") | null;
                        /**
                         * Transform
                         * @default auto
                         */
                        transform?: ("none" | "log" | "auto") | null;
                        /**
                         * Validate
                         * @description Also compute stability, certainty and rules
                         * @default false
                         */
                        validate?: boolean | null;
                    } | null;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    /** @description `HIT` where the same was asked before */
                    "X-Cache"?: "HIT" | "MISS";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnalysisResult"];
                };
            };
            /** @description Accepted as a job; `Location` says where to watch it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description Too many attempts, or more than a fair share; `Retry-After` says when to try again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    analysis_recommend: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * PostedAnalysis
                     * @description The answer of `/api/analyze`; missing parts are ignored.
                     *
                     *     Its parts must agree: ids and names are unique, sizes and shares are of the customers given, and
                     *     importance sums to 1.
                     */
                    analysis: {
                        /** Accuracy */
                        accuracy: number;
                        /** Clusters */
                        clusters: {
                            /** Centroid */
                            centroid: {
                                [key: string]: number | null;
                            };
                            /** Characteristics */
                            characteristics: string[];
                            /** Clusterid */
                            clusterId: number;
                            /** Clustername */
                            clusterName: string;
                            /** Customers */
                            customers: {
                                [key: string]: string | number | boolean | null;
                            }[];
                            /** Evidence */
                            evidence?: {
                                /** Effect */
                                effect: number;
                                /** Feature */
                                feature: string;
                                /** Level */
                                level?: string | null;
                                /** Rest */
                                rest: number;
                                /** Value */
                                value: number;
                            }[] | null;
                            /** Middle */
                            middle?: string | null;
                            /** Share */
                            share?: number | null;
                            /** Size */
                            size?: number | null;
                        }[];
                        /** Featureimportance */
                        featureImportance: {
                            [key: string]: number;
                        };
                        /** Nclusters */
                        nClusters?: number | null;
                        /** Ncustomers */
                        nCustomers?: number | null;
                        structure?: {
                            /** Pvalue */
                            pValue?: number | null;
                            /**
                             * Verdict
                             * @enum {string}
                             */
                            verdict: "strong" | "weak" | "none";
                        } | null;
                        /** Unassigned */
                        unassigned?: {
                            [key: string]: string | number | boolean | null;
                        }[];
                        validation?: {
                            stability?: {
                                /** Segments */
                                segments: {
                                    /** Cluster */
                                    cluster: number;
                                    /** Jaccard */
                                    jaccard: number;
                                }[];
                            } | null;
                            structure?: {
                                /** Pvalue */
                                pValue?: number | null;
                                /**
                                 * Verdict
                                 * @enum {string}
                                 */
                                verdict: "strong" | "weak" | "none";
                            } | null;
                        } | null;
                    };
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recommendations"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    health_read_api_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiHealth"];
                };
            };
        };
    };
    clustering_draw_dendrogram: {
        parameters: {
            query?: {
                format?: "png" | "svg" | "json";
                /** @description Pixels */
                height?: number;
                /** @description Number of branches at the bottom of the picture */
                max_leaves?: number;
                /** @description Pixels */
                width?: number;
            };
            header?: never;
            path: {
                run_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": unknown;
                    "image/svg+xml": unknown;
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    clustering_read_projection: {
        parameters: {
            query?: {
                /** @description Number of segments for a preview of another cut; nothing is stored */
                n_clusters?: number | null;
            };
            header?: never;
            path: {
                run_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectionOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    clustering_list_all_runs: {
        parameters: {
            query?: {
                /** @description Maximum number of rows; lowered to the server's limit */
                limit?: number | null;
                /** @description Number of rows to skip */
                skip?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunOut"][];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    clustering_list_runs: {
        parameters: {
            query?: {
                /** @description Maximum number of rows; lowered to the server's limit */
                limit?: number | null;
                /** @description Number of rows to skip */
                skip?: number;
            };
            header?: never;
            path: {
                dataset_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunOut"][];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    clustering_delete_run: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    clustering_compare_runs: {
        parameters: {
            query: {
                /** @description The run to compare with */
                against: number;
            };
            header?: never;
            path: {
                run_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunComparison"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    clustering_preview_cut: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CutRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CutOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    clustering_predict: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** Rows */
                    rows: {
                        [key: string]: unknown;
                    }[];
                };
                "multipart/form-data": {
                    /** Format: binary */
                    file: string;
                };
                "text/csv": string;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlacementsOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description Too many attempts, or more than a fair share; `Retry-After` says when to try again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    clustering_share_run: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SharingRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    clustering_read_segments: {
        parameters: {
            query?: {
                format?: "json" | "csv" | "xlsx";
                /** @description Maximum number of rows; lowered to the server's limit */
                limit?: number | null;
                /** @description Number of rows to skip */
                skip?: number;
            };
            header?: never;
            path: {
                run_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Segments"];
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": unknown;
                    "text/csv": unknown;
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    clustering_read_usefulness: {
        parameters: {
            query: {
                /** @description One that the segments were not made from: churn */
                column: string;
                /** @description The category to compare; chosen for you by default */
                value?: string | null;
            };
            header?: never;
            path: {
                run_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsefulnessOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    clustering_train: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async` asks for 202 and a job */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RunRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunOut"];
                };
            };
            /** @description Accepted as a job; `Location` says where to watch it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description Too many attempts, or more than a fair share; `Retry-After` says when to try again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    datasets_list_datasets: {
        parameters: {
            query?: {
                /** @description Maximum number of rows; lowered to the server's limit */
                limit?: number | null;
                /** @description Number of rows to skip */
                skip?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetSummary"][];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    datasets_read_dataset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                dataset_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    datasets_delete_dataset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                dataset_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    datasets_update_dataset: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async` asks for 202 and a job */
                prefer?: string;
            };
            path: {
                dataset_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReadOverrides"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetOut"];
                };
            };
            /** @description Accepted as a job; `Location` says where to watch it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description Too many attempts, or more than a fair share; `Retry-After` says when to try again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    datasets_download: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                dataset_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    datasets_read_rows: {
        parameters: {
            query?: {
                /** @description Maximum number of rows; lowered to the server's limit */
                limit?: number | null;
                /** @description Number of rows to skip */
                skip?: number;
            };
            header?: never;
            path: {
                dataset_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetRows"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    datasets_upload: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async` asks for 202 and a job */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    as_written?: string;
                    date_orders?: string;
                    /** @enum {string} */
                    decimal?: "." | ",";
                    decimals?: string;
                    delimiter?: string;
                    drop_duplicates?: string;
                    encoding?: string;
                    /** Format: binary */
                    file: string;
                    fill_down?: string;
                    forms?: string;
                    has_header?: boolean;
                    header_row?: number;
                    kinds?: string;
                    marks?: string;
                    newest_years?: string;
                    one_row_is?: string;
                    quotechar?: string;
                    sheet?: string;
                    skip_rows?: string;
                    suffixes?: string;
                    thousands?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetOut"];
                };
            };
            /** @description Accepted as a job; `Location` says where to watch it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description Too many attempts, or more than a fair share; `Retry-After` says when to try again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    example_read_example: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Example"];
                };
            };
        };
    };
    files_list_files: {
        parameters: {
            query?: {
                /** @description Maximum number of rows; lowered to the server's limit */
                limit?: number | null;
                /** @description Number of rows to skip */
                skip?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetSummary"][];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    files_upload_file: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async` asks for 202 and a job */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    as_written?: string;
                    date_orders?: string;
                    /** @enum {string} */
                    decimal?: "." | ",";
                    decimals?: string;
                    delimiter?: string;
                    drop_duplicates?: string;
                    encoding?: string;
                    /** Format: binary */
                    file: string;
                    fill_down?: string;
                    forms?: string;
                    has_header?: boolean;
                    header_row?: number;
                    kinds?: string;
                    marks?: string;
                    newest_years?: string;
                    one_row_is?: string;
                    quotechar?: string;
                    sheet?: string;
                    skip_rows?: string;
                    suffixes?: string;
                    thousands?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetOut"];
                };
            };
            /** @description Accepted as a job; `Location` says where to watch it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description Too many attempts, or more than a fair share; `Retry-After` says when to try again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    files_read_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                dataset_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    files_delete_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                dataset_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    files_update_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                dataset_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReadOverrides"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description Too many attempts, or more than a fair share; `Retry-After` says when to try again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    files_make_customers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                dataset_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetOut"];
                };
            };
            /** @description Accepted as a job; `Location` says where to watch it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description Too many attempts, or more than a fair share; `Retry-After` says when to try again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    files_download_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                dataset_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    files_read_limits: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileLimits"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    files_train_file: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async` asks for 202 and a job */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RunRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunOut"];
                };
            };
            /** @description Accepted as a job; `Location` says where to watch it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description Too many attempts, or more than a fair share; `Retry-After` says when to try again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    jobs_list_jobs: {
        parameters: {
            query?: {
                /** @description Maximum number of rows; lowered to the server's limit */
                limit?: number | null;
                /** @description Number of rows to skip */
                skip?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"][];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    jobs_read_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    jobs_cancel_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    jobs_follow_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    models_list_models: {
        parameters: {
            query?: {
                /** @description Maximum number of rows; lowered to the server's limit */
                limit?: number | null;
                /** @description Number of rows to skip */
                skip?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelList"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    models_read_model: {
        parameters: {
            query?: {
                validate?: boolean;
            };
            header?: {
                /** @description `respond-async` asks for 202 and a job */
                prefer?: string;
            };
            path: {
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelDetail"];
                };
            };
            /** @description Accepted as a job; `Location` says where to watch it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description Too many attempts, or more than a fair share; `Retry-After` says when to try again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    models_activate_model: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelDetail"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    models_compare_model: {
        parameters: {
            query?: {
                against?: number | null;
            };
            header?: never;
            path: {
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comparison"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    models_read_drift: {
        parameters: {
            query?: {
                days?: number;
            };
            header?: never;
            path: {
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DriftOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    models_read_points: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Points"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    orders_list_orders: {
        parameters: {
            query?: {
                /** @description Maximum number of rows; lowered to the server's limit */
                limit?: number | null;
                /** @description Number of rows to skip */
                skip?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrdersSummary"][];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    orders_read_orders: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orders_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrdersOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    orders_delete_orders: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orders_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    orders_update_orders: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async` asks for 202 and a job */
                prefer?: string;
            };
            path: {
                orders_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OrdersUpdate"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrdersOut"];
                };
            };
            /** @description Accepted as a job; `Location` says where to watch it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description Too many attempts, or more than a fair share; `Retry-After` says when to try again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    orders_read_cohorts: {
        parameters: {
            query?: {
                by?: "week" | "month" | "quarter" | "year";
                measure?: "customers" | "orders" | "revenue" | "cumulative";
            };
            header?: never;
            path: {
                orders_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CohortsOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    orders_append_lines: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async` asks for 202 and a job */
                prefer?: string;
            };
            path: {
                orders_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    as_written?: string;
                    date_orders?: string;
                    /** @enum {string} */
                    decimal?: "." | ",";
                    decimals?: string;
                    delimiter?: string;
                    drop_duplicates?: string;
                    encoding?: string;
                    /** Format: binary */
                    file: string;
                    fill_down?: string;
                    forms?: string;
                    has_header?: boolean;
                    header_row?: number;
                    kinds?: string;
                    marks?: string;
                    newest_years?: string;
                    one_row_is?: string;
                    quotechar?: string;
                    sheet?: string;
                    skip_rows?: string;
                    suffixes?: string;
                    thousands?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppendedOut"];
                };
            };
            /** @description Accepted as a job; `Location` says where to watch it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description Too many attempts, or more than a fair share; `Retry-After` says when to try again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    orders_read_migration: {
        parameters: {
            query: {
                /** @description RFM segments, or the 25 cells of recency and frequency */
                by?: "segments" | "cells";
                /** @description The earlier day */
                from: string;
                /** @description Place the customers of both days by this run of a snapshot instead */
                run_id?: number | null;
                /** @description The later day */
                to: string;
                /** @description Days that count, `365d` */
                window?: string | null;
            };
            header?: never;
            path: {
                orders_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MigrationOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    orders_read_movers: {
        parameters: {
            query: {
                /** @description RFM segments, or the 25 cells of recency and frequency */
                by?: "segments" | "cells";
                /** @description The earlier day */
                from: string;
                /** @description Maximum number of rows; lowered to the server's limit */
                limit?: number | null;
                /** @description Place the customers of both days by this run of a snapshot instead */
                run_id?: number | null;
                /** @description Number of rows to skip */
                skip?: number;
                source?: string | null;
                target?: string | null;
                /** @description The later day */
                to: string;
                /** @description Days that count, `365d` */
                window?: string | null;
            };
            header?: never;
            path: {
                orders_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MoveMembers"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    orders_read_rules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orders_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RFMRules"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    orders_update_rules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orders_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RFMRulesUpdate"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RFMRules"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    orders_create_snapshot: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async` asks for 202 and a job */
                prefer?: string;
            };
            path: {
                orders_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SnapshotRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SnapshotOut"];
                };
            };
            /** @description Accepted as a job; `Location` says where to watch it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description Too many attempts, or more than a fair share; `Retry-After` says when to try again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    orders_create_from_dataset: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async` asks for 202 and a job */
                prefer?: string;
            };
            path: {
                dataset_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrdersOut"];
                };
            };
            /** @description Accepted as a job; `Location` says where to watch it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description Too many attempts, or more than a fair share; `Retry-After` says when to try again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    orders_upload_orders: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async` asks for 202 and a job */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    as_written?: string;
                    date_orders?: string;
                    /** @enum {string} */
                    decimal?: "." | ",";
                    decimals?: string;
                    delimiter?: string;
                    drop_duplicates?: string;
                    encoding?: string;
                    /** Format: binary */
                    file: string;
                    fill_down?: string;
                    forms?: string;
                    has_header?: boolean;
                    header_row?: number;
                    kinds?: string;
                    marks?: string;
                    newest_years?: string;
                    one_row_is?: string;
                    quotechar?: string;
                    sheet?: string;
                    skip_rows?: string;
                    suffixes?: string;
                    thousands?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrdersOut"];
                };
            };
            /** @description Accepted as a job; `Location` says where to watch it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description Too many attempts, or more than a fair share; `Retry-After` says when to try again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segmentations_list_segmentations: {
        parameters: {
            query?: {
                /** @description Maximum number of rows; lowered to the server's limit */
                limit?: number | null;
                q?: string | null;
                /** @description Number of rows to skip */
                skip?: number;
                /** @description The most segments, and what was used last, come first */
                sort?: "name" | "-updated_at" | "created_at" | "n_segments" | "last_used";
                visibility?: ("private" | "team") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SegmentationOut"][];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segmentations_create_segmentation: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async` asks for 202 and a job */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SegmentationCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SegmentationOut"];
                };
            };
            /** @description Accepted as a job; `Location` says where to watch it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description Too many attempts, or more than a fair share; `Retry-After` says when to try again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segmentations_read_segmentation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The segmentation's id, or `core` */
                segmentation_id: number | "core";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SegmentationOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segmentations_delete_segmentation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The segmentation's id, or `core` */
                segmentation_id: number | "core";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segmentations_update_segmentation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The segmentation's id, or `core` */
                segmentation_id: number | "core";
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SegmentationUpdate"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SegmentationOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segmentations_list_columns: {
        parameters: {
            query?: {
                /** @description A version's number; the active one by default */
                version?: number | null;
            };
            header?: never;
            path: {
                /** @description The segmentation's id, or `core` */
                segmentation_id: number | "core";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChartedColumn"][];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segmentations_list_customers: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before */
                cursor?: string | null;
                /** @description Columns to show; all by default */
                fields?: string[] | null;
                format?: "json" | "csv" | "xlsx" | "parquet";
                /** @description Maximum number of rows; lowered to the server's limit */
                limit?: number;
                max_confidence?: number | null;
                min_confidence?: number | null;
                /** @description Were in another segment in this version */
                moved_since?: number | null;
                outlier?: boolean | null;
                q?: string | null;
                /** @description Lasting ids of segments; -1 for customers in none */
                segment?: number[] | null;
                /** @description A column, with `-` before it turned */
                sort?: string | null;
                /** @description A version's number; the active one by default */
                version?: number | null;
                /** @description `column:operator:value` */
                where?: string[] | null;
            };
            header?: never;
            path: {
                /** @description The segmentation's id, or `core` */
                segmentation_id: number | "core";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerPage"];
                    "application/vnd.apache.parquet": unknown;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": unknown;
                    "text/csv": unknown;
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segmentations_read_customer: {
        parameters: {
            query?: {
                /** @description A version's number; the active one by default */
                version?: number | null;
            };
            header?: never;
            path: {
                /** @description As in the list; the row's number without one */
                identifier: string;
                /** @description The segmentation's id, or `core` */
                segmentation_id: number | "core";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerView"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segmentations_read_distribution: {
        parameters: {
            query: {
                /** @description Any column that you may see */
                column: string;
                /** @description A version's number; the active one by default */
                version?: number | null;
            };
            header?: never;
            path: {
                /** @description The segmentation's id, or `core` */
                segmentation_id: number | "core";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ColumnBySegment"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segmentations_read_drift: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The segmentation's id, or `core` */
                segmentation_id: number | "core";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DriftOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segmentations_read_form: {
        parameters: {
            query?: {
                /** @description A version's number; the active one by default */
                version?: number | null;
            };
            header?: never;
            path: {
                /** @description The segmentation's id, or `core` */
                segmentation_id: number | "core";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlacementForm"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segmentations_list_history: {
        parameters: {
            query?: {
                /** @description Maximum number of rows; lowered to the server's limit */
                limit?: number | null;
                /** @description Number of rows to skip */
                skip?: number;
            };
            header?: never;
            path: {
                /** @description The segmentation's id, or `core` */
                segmentation_id: number | "core";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlacedCustomerOut"][];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segmentations_read_insights: {
        parameters: {
            query?: {
                /** @description A version's number; the active one by default */
                version?: number | null;
            };
            header?: never;
            path: {
                /** @description The segmentation's id, or `core` */
                segmentation_id: number | "core";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Insights"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segmentations_read_points: {
        parameters: {
            query: {
                /** @description A version's number; the active one by default */
                version?: number | null;
                /** @description Any column that you may see */
                x: string;
                /** @description Any column that you may see */
                y: string;
            };
            header?: never;
            path: {
                /** @description The segmentation's id, or `core` */
                segmentation_id: number | "core";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerPoints"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segmentations_predict: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The segmentation's id, or `core` */
                segmentation_id: number | "core";
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** Rows */
                    rows: {
                        [key: string]: unknown;
                    }[];
                };
                "multipart/form-data": {
                    /** Format: binary */
                    file: string;
                };
                "text/csv": string;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionPlacements"];
                    "text/csv": unknown;
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segmentations_read_record: {
        parameters: {
            query?: {
                /** @description Maximum number of rows; lowered to the server's limit */
                limit?: number | null;
                /** @description Number of rows to skip */
                skip?: number;
            };
            header?: never;
            path: {
                /** @description The segmentation's id, or `core` */
                segmentation_id: number | "core";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordEntry"][];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segmentations_read_book: {
        parameters: {
            query?: {
                /** @description What the book is written as */
                format?: "pdf" | "pptx" | "html" | "xlsx";
                /** @description The active one by default */
                version?: number | null;
            };
            header?: never;
            path: {
                /** @description The segmentation's id, or `core` */
                segmentation_id: number | "core";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": unknown;
                    "application/vnd.openxmlformats-officedocument.presentationml.presentation": unknown;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": unknown;
                    "text/html": unknown;
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segmentations_read_segment: {
        parameters: {
            query?: {
                /** @description A version's number; the active one by default */
                version?: number | null;
            };
            header?: never;
            path: {
                /** @description As in the list */
                lasting_id: number;
                /** @description The segmentation's id, or `core` */
                segmentation_id: number | "core";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SegmentView"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segmentations_update_segment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description As in the list */
                lasting_id: number;
                /** @description The segmentation's id, or `core` */
                segmentation_id: number | "core";
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SegmentUpdate"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SegmentOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segmentations_train_version: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async` asks for 202 and a job */
                prefer?: string;
            };
            path: {
                /** @description The segmentation's id, or `core` */
                segmentation_id: number | "core";
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VersionRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionOut"];
                };
            };
            /** @description Accepted as a job; `Location` says where to watch it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description Too many attempts, or more than a fair share; `Retry-After` says when to try again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segmentations_read_usefulness_of_a_version: {
        parameters: {
            query: {
                /** @description One that the segments were not made from: churn */
                column: string;
                /** @description The category to compare; chosen for you by default */
                value?: string | null;
                /** @description A version's number; the active one by default */
                version?: number | null;
            };
            header?: never;
            path: {
                /** @description The segmentation's id, or `core` */
                segmentation_id: number | "core";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsefulnessOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segmentations_list_versions: {
        parameters: {
            query?: {
                /** @description Maximum number of rows; lowered to the server's limit */
                limit?: number | null;
                /** @description Number of rows to skip */
                skip?: number;
            };
            header?: never;
            path: {
                /** @description The segmentation's id, or `core` */
                segmentation_id: number | "core";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionOut"][];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segmentations_read_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The segmentation's id, or `core` */
                segmentation_id: number | "core";
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segmentations_activate_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The segmentation's id, or `core` */
                segmentation_id: number | "core";
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segmentations_compare_versions: {
        parameters: {
            query?: {
                against?: number | null;
            };
            header?: never;
            path: {
                /** @description The segmentation's id, or `core` */
                segmentation_id: number | "core";
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionComparison"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    orders_read_snapshot: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                snapshot_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SnapshotOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    orders_read_concentration: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                snapshot_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConcentrationOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    orders_read_leaving: {
        parameters: {
            query?: {
                /** @description Days in which they could come back */
                horizon?: string;
                /** @description Maximum number of rows; lowered to the server's limit */
                limit?: number | null;
                /** @description At least this many of their own usual gaps */
                overdue?: number;
                /** @description Number of rows to skip */
                skip?: number;
            };
            header?: never;
            path: {
                snapshot_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LeavingOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    orders_read_next_order: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                snapshot_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NextOrderOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    orders_remake_snapshot: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async` asks for 202 and a job */
                prefer?: string;
            };
            path: {
                snapshot_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SnapshotOut"];
                };
            };
            /** @description Accepted as a job; `Location` says where to watch it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description Too many attempts, or more than a fair share; `Retry-After` says when to try again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    orders_read_rfm: {
        parameters: {
            query?: {
                /** @description `kept`: yours, else those of the first snapshot of these orders; `first`: those of the first snapshot; `own`: fifths of this snapshot's customers */
                cut_points?: "kept" | "first" | "own";
            };
            header?: never;
            path: {
                snapshot_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RFMOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    orders_read_rfm_customers: {
        parameters: {
            query?: {
                /** @description `kept`: yours, else those of the first snapshot of these orders; `first`: those of the first snapshot; `own`: fifths of this snapshot's customers */
                cut_points?: "kept" | "first" | "own";
                frequency?: number | null;
                /** @description Maximum number of rows; lowered to the server's limit */
                limit?: number | null;
                monetary?: number | null;
                recency?: number | null;
                segment?: string | null;
                /** @description Number of rows to skip */
                skip?: number;
            };
            header?: never;
            path: {
                snapshot_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RFMCustomers"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    orders_read_value: {
        parameters: {
            query?: {
                /** @description By how much money is worth less per year, `0.1` */
                discount?: number;
                /** @description Days ahead, `365d` */
                horizon?: string;
                /** @description Maximum number of rows; lowered to the server's limit */
                limit?: number | null;
                /** @description Share of the money that is kept */
                margin?: number;
                /** @description Number of rows to skip */
                skip?: number;
            };
            header?: {
                /** @description `respond-async` asks for 202 and a job */
                prefer?: string;
            };
            path: {
                snapshot_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValueOut"];
                };
            };
            /** @description Accepted as a job; `Location` says where to watch it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description Too many attempts, or more than a fair share; `Retry-After` says when to try again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    auth_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** Password */
                    password: string;
                    /** Username */
                    username: string;
                };
                "application/x-www-form-urlencoded": {
                    /** Password */
                    password: string;
                    /** Username */
                    username: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Token"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description Too many attempts, or more than a fair share; `Retry-After` says when to try again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    auth_logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    auth_read_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    auth_read_provider: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInProvider"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    auth_come_back: {
        parameters: {
            query?: {
                code?: string | null;
                error?: string | null;
                state?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Token"];
                };
            };
            /** @description To the web app, with the token */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    auth_start: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    auth_register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedUserOut"] | components["schemas"]["UserOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description Too many attempts, or more than a fair share; `Retry-After` says when to try again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segments_read_clusters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Clusters"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segments_read_elbow: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Elbow"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    history_list_history: {
        parameters: {
            query?: {
                cluster?: number | null;
                /** @description A date, or a time in ISO 8601; UTC unless it says otherwise */
                date_from?: string | null;
                /** @description A date, or a time in ISO 8601; UTC unless it says otherwise */
                date_to?: string | null;
                descending?: boolean;
                /** @description Maximum number of rows; lowered to the server's limit */
                limit?: number | null;
                max_confidence?: number | null;
                min_confidence?: number | null;
                /** @description Number of rows to skip */
                skip?: number;
                sort?: ("created_at" | "cluster_name" | "confidence") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["History"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    history_delete_history: {
        parameters: {
            query?: {
                cluster?: number | null;
                /** @description A date, or a time in ISO 8601; UTC unless it says otherwise */
                date_from?: string | null;
                /** @description A date, or a time in ISO 8601; UTC unless it says otherwise */
                date_to?: string | null;
                max_confidence?: number | null;
                min_confidence?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    history_delete_row: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                row_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    history_export_history: {
        parameters: {
            query?: {
                cluster?: number | null;
                /** @description A date, or a time in ISO 8601; UTC unless it says otherwise */
                date_from?: string | null;
                /** @description A date, or a time in ISO 8601; UTC unless it says otherwise */
                date_to?: string | null;
                max_confidence?: number | null;
                min_confidence?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": unknown;
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    health_read_liveness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Liveness"];
                };
            };
        };
    };
    health_read_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segments_predict: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Customer"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Prediction"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    segments_predict_batch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** Customers */
                    customers: Record<string, never>[];
                };
                "multipart/form-data": {
                    /** Format: binary */
                    file: string;
                };
                "text/csv": string;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchResult"];
                    "text/csv": unknown;
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description Too many attempts, or more than a fair share; `Retry-After` says when to try again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    profiles_list_profiles: {
        parameters: {
            query?: {
                descending?: boolean;
                /** @description Maximum number of rows; lowered to the server's limit */
                limit?: number | null;
                search?: string | null;
                /** @description Number of rows to skip */
                skip?: number;
                sort?: ("name" | "age" | "annual_income" | "spending_score" | "purchase_frequency" | "updated_at") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfileOut"][];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    profiles_create_profile: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfileCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfileOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    profiles_read_profile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                profile_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfileOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    profiles_update_profile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                profile_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfileUpdate"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfileOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    profiles_delete_profile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                profile_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    profiles_predict_profile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                profile_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Prediction"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description A field is missing or out of range; `loc` names it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldProblemsOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    health_read_readiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description `detail` says what is missing */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    segments_train: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async` asks for 202 and a job */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["TrainRequest"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrainResult"];
                };
            };
            /** @description Accepted as a job; `Location` says where to watch it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description Too many attempts, or more than a fair share; `Retry-After` says when to try again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    users_list_users: {
        parameters: {
            query?: {
                /** @description Maximum number of rows; lowered to the server's limit */
                limit?: number | null;
                /** @description Number of rows to skip */
                skip?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserOut"][];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    users_read_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    users_delete_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    users_change_role: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleUpdate"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    users_update_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserUpdate"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedUserOut"] | components["schemas"]["UserOut"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description Too many attempts, or more than a fair share; `Retry-After` says when to try again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    users_delete_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["AccountDeletion"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description Too many attempts, or more than a fair share; `Retry-After` says when to try again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    users_export_own: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example {} */
                    "application/json": unknown;
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    keys_list_keys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyList"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    keys_create_key: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeyCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewKey"];
                };
            };
            /** @description The request is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The body is larger than the server takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description Too many attempts, or more than a fair share; `Retry-After` says when to try again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The server's disk is full, and nothing was saved */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    keys_revoke_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description It does not exist, or belongs to someone else */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
    users_read_profile: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserProfile"];
                };
            };
            /** @description No token, or one that is expired, revoked or forged */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The caller's role does not allow it, or a one-time password must be changed first */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
            /** @description The database or the model is away; `Retry-After` says when to try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorOut"];
                };
            };
        };
    };
}
