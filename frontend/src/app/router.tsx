import { Suspense } from 'react';
import { createBrowserRouter, Navigate, Outlet, type RouteObject } from 'react-router';
import { Crash, lazyPart } from '@/app/parts';
import { OnlySignedOut, RequireRole, RequireSession } from '@/app/guards';
import { PageSkeleton } from '@/components/states';
import { OpenShell } from '@/app/open-shell';
import { useSession } from '@/lib/session';

const page = (load: () => Promise<{ default: () => React.ReactNode }>) => {
  const Component = lazyPart(load);
  return <Component />;
};

/** The navigation of the signed-in is not part of the first page. */
const LazyShell = lazyPart(() => import('@/app/shell'));
const Shell = () => (
  <Suspense fallback={<PageSkeleton />}>
    <LazyShell />
  </Suspense>
);

/** Documentation and About are for everyone; the signed-in keep their navigation beside it. */
function EitherShell() {
  const { token, account } = useSession();
  return token !== null && account !== null ? <Shell /> : <OpenShell />;
}

export const routes: RouteObject[] = [
  {
    element: <Outlet />,
    errorElement: <Crash />,
    children: [
      {
        element: <OnlySignedOut />,
        children: [
          {
            element: <OpenShell />,
            children: [
              { index: true, element: page(() => import('@/pages/home')) },
              { path: 'login', element: page(() => import('@/pages/login')) },
              { path: 'register', element: page(() => import('@/pages/register')) },
              { path: 'admin/login', element: page(() => import('@/pages/admin-login')) },
            ],
          },
        ],
      },
      { element: <OpenShell />, children: [{ path: 'new-password', element: page(() => import('@/pages/new-password')) }] },
      {
        element: <EitherShell />,
        children: [
          { path: 'about', element: page(() => import('@/pages/about')) },
          { path: 'guide/:chapter?', element: page(() => import('@/pages/guide')) },
          { path: 'docs', element: page(() => import('@/pages/documentation')) },
          { path: '*', element: page(() => import('@/pages/not-found')) },
        ],
      },
      {
        element: <RequireSession />,
        children: [
          {
            element: <Shell />,
            children: [
              { path: 'start', element: page(() => import('@/pages/start')) },
              { path: 'dashboard', element: page(() => import('@/pages/dashboard')) },
              { path: 'history', element: page(() => import('@/pages/history')) },
              { path: 'customers', element: page(() => import('@/pages/customers')) },
              { path: 'datasets', element: page(() => import('@/pages/datasets')) },
              { path: 'datasets/:dataset', element: page(() => import('@/pages/dataset')) },
              { path: 'segmentations', element: page(() => import('@/pages/segmentations')) },
              {
                path: 'segmentations/:segmentation',
                element: page(() => import('@/pages/segmentation')),
                children: [
                  { index: true, element: page(() => import('@/pages/segmentation/overview')) },
                  { path: 'segments/:segment', element: page(() => import('@/pages/segmentation/segment')) },
                  { path: 'customers', element: page(() => import('@/pages/segmentation/customers')) },
                  { path: 'customers/:customer', element: page(() => import('@/pages/segmentation/customer')) },
                  { path: 'usefulness', element: page(() => import('@/pages/segmentation/usefulness')) },
                  { path: 'versions', element: page(() => import('@/pages/segmentation/versions')) },
                  { path: 'place', element: page(() => import('@/pages/segmentation/place')) },
                ],
              },
              { path: 'runs/:run', element: page(() => import('@/pages/run')) },
              { path: 'analyses/:analysis', element: page(() => import('@/pages/analysis')) },
              { path: 'analyse', element: <Navigate to="/start" replace /> },
              { path: 'compare', element: page(() => import('@/pages/compare-runs')) },
              { path: 'profile', element: page(() => import('@/pages/profile')) },
              { path: 'settings', element: page(() => import('@/pages/settings')) },
              {
                element: <RequireRole role="analyst" />,
                children: [
                  { path: 'orders', element: page(() => import('@/pages/orders')) },
                  {
                    path: 'orders/:orders',
                    element: page(() => import('@/pages/orders/book')),
                    children: [
                      { index: true, element: page(() => import('@/pages/orders/lines')) },
                      { path: 'customers', element: page(() => import('@/pages/orders/customers')) },
                      { path: 'rfm', element: page(() => import('@/pages/orders/rfm')) },
                      { path: 'segments', element: page(() => import('@/pages/orders/segments')) },
                      { path: 'value', element: page(() => import('@/pages/orders/value')) },
                      { path: 'overdue', element: page(() => import('@/pages/orders/overdue')) },
                      { path: 'cohorts', element: page(() => import('@/pages/orders/cohorts')) },
                      { path: 'movement', element: page(() => import('@/pages/orders/movement')) },
                    ],
                  },
                  { path: 'models', element: page(() => import('@/pages/models')) },
                  { path: 'models/:version', element: page(() => import('@/pages/model')) },
                ],
              },
              {
                element: <RequireRole role="admin" />,
                children: [{ path: 'admin', element: page(() => import('@/pages/admin')) }],
              },
            ],
          },
        ],
      },
    ],
  },
];

export const createRouter = () => createBrowserRouter(routes, { basename: import.meta.env.BASE_URL.replace(/\/$/, '') || '/' });
